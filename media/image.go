package media

import (
	"bufio"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"

	"madoguchi/desk"
)

// Limits on images that are shown in place. A picture beyond them is kept, but as a file: its few bytes on disk would
// be gigabytes in the reader's browser (an image bomb).
const (
	MaxPixels = 40_000_000 // width × height
	MaxSide   = 30_000     // pixels
)

// maxDecoded bounds the memory (bytes) one picture may take when decoded for its thumbnail.
const maxDecoded = 256 << 20

// Size is an image's size in pixels, as it is seen (after its EXIF orientation).
type Size struct{ Width, Height int }

// Dimensions reads an inline image's header and returns its size. It decodes no pixels. An image that is damaged, or
// larger than MaxPixels or MaxSide, is desk.KindInvalid with code "image_unreadable" or "image_too_large": store it
// with Type.AsFile. The reader is left anywhere.
func Dimensions(r io.ReadSeeker, mimeType string) (Size, error) {
	cfg, err := readConfig(r, mimeType)
	if err != nil {
		return Size{}, err
	}
	orientation, err := readOrientation(r, mimeType)
	if err != nil {
		return Size{}, err
	}
	if orientation.swapsSides() {
		return Size{Width: cfg.Height, Height: cfg.Width}, nil
	}
	return Size{Width: cfg.Width, Height: cfg.Height}, nil
}

// readConfig reads the header and applies the limits.
func readConfig(r io.ReadSeeker, mimeType string) (image.Config, error) {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return image.Config{}, fmt.Errorf("rewind image: %w", err)
	}
	decode, ok := map[string]func(io.Reader) (image.Config, error){
		"image/png": png.DecodeConfig, "image/jpeg": jpeg.DecodeConfig, "image/gif": gif.DecodeConfig, "image/webp": webp.DecodeConfig,
	}[mimeType]
	if !ok {
		return image.Config{}, desk.Errorf(desk.KindInvalid, "image_unreadable", "%s is not an image shown in place", mimeType)
	}
	cfg, err := decode(bufio.NewReader(r))
	if err != nil {
		return image.Config{}, desk.Errorf(desk.KindInvalid, "image_unreadable", "read image header: %w", err)
	}
	if cfg.Width <= 0 || cfg.Height <= 0 {
		return image.Config{}, desk.Errorf(desk.KindInvalid, "image_unreadable", "image of %d × %d pixels", cfg.Width, cfg.Height)
	}
	if cfg.Width > MaxSide || cfg.Height > MaxSide || int64(cfg.Width)*int64(cfg.Height) > MaxPixels {
		return image.Config{}, desk.Errorf(desk.KindInvalid, "image_too_large", "image of %d × %d pixels", cfg.Width, cfg.Height)
	}
	return cfg, nil
}

// decodeImage decodes the (first) picture, giving up when ctx ends or when it would take more than maxDecoded bytes.
func decodeImage(ctx context.Context, r io.ReadSeeker, mimeType string) (image.Image, error) {
	cfg, err := readConfig(r, mimeType)
	if err != nil {
		return nil, err
	}
	perPixel, err := bytesPerPixel(r, mimeType, cfg.ColorModel)
	if err != nil {
		return nil, err
	}
	if int64(cfg.Width)*int64(cfg.Height)*perPixel > maxDecoded {
		return nil, desk.Errorf(desk.KindInvalid, "image_too_large", "decoding %d × %d pixels takes too much memory", cfg.Width, cfg.Height)
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("rewind image: %w", err)
	}
	decode := map[string]func(io.Reader) (image.Image, error){
		"image/png": png.Decode, "image/jpeg": jpeg.Decode, "image/gif": gif.Decode, "image/webp": webp.Decode,
	}[mimeType]
	img, err := decode(&endingReader{ctx: ctx, r: r})
	if ctx.Err() != nil {
		return nil, fmt.Errorf("decode image: %w", context.Cause(ctx))
	}
	if err != nil {
		return nil, desk.Errorf(desk.KindInvalid, "image_unreadable", "decode image: %w", err)
	}
	return img, nil
}

// bytesPerPixel estimates what the decoder allocates for each pixel. A progressive JPEG keeps an int32 coefficient for
// every component of every pixel beside the picture.
func bytesPerPixel(r io.ReadSeeker, mimeType string, model color.Model) (int64, error) {
	switch {
	case mimeType == "image/jpeg":
		progressive := false
		err := walkJPEG(r, func(marker byte, _ []byte) bool {
			progressive = marker == jpegSOF2
			return !progressive
		})
		if progressive {
			return 15, err
		}
		return 4, err
	case model == color.NRGBA64Model || model == color.RGBA64Model:
		return 8, nil
	default:
		return 4, nil
	}
}

// endingReader ends when its context does: image decoders take no context, but a hostile file can keep them busy for
// minutes with few bytes (thousands of progressive scans), and they all come back here for more.
type endingReader struct {
	ctx context.Context
	r   io.Reader
}

func (e *endingReader) Read(p []byte) (int, error) {
	if err := e.ctx.Err(); err != nil {
		return 0, err
	}
	return e.r.Read(p[:min(len(p), 4096)])
}
