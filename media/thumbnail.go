package media

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"time"

	"golang.org/x/image/draw"
)

// ThumbnailSide is the longest side of a thumbnail in pixels.
const ThumbnailSide = 480

// thumbnailTime bounds the drawing of one thumbnail.
const thumbnailTime = 10 * time.Second

// Thumbnail is a small picture drawn anew: it carries pixels only, none of the original's metadata.
type Thumbnail struct {
	Bytes []byte
	MIME  string // image/jpeg, or image/png where there is transparency
	Size
}

// Thumbnailer draws thumbnails, a few at a time: a decoded picture may take up to 256 MB.
type Thumbnailer struct{ places chan struct{} }

// NewThumbnailer makes one that draws at most atOnce (at least 1) thumbnails at the same time.
func NewThumbnailer(atOnce int) *Thumbnailer {
	return &Thumbnailer{places: make(chan struct{}, max(atOnce, 1))}
}

// Draw makes the thumbnail of an inline image (a type Sniff gave). Small pictures are not enlarged, of an animation the
// first frame is drawn. It waits for a place while ctx lasts. Pictures that cannot be drawn (damaged, too large, an
// animated WebP) are desk.KindInvalid with code "image_unreadable" or "image_too_large": they have no thumbnail.
func (t *Thumbnailer) Draw(ctx context.Context, r io.ReadSeeker, mimeType string) (Thumbnail, error) {
	select {
	case t.places <- struct{}{}:
		defer func() { <-t.places }()
	case <-ctx.Done():
		return Thumbnail{}, fmt.Errorf("wait to draw thumbnail: %w", context.Cause(ctx))
	}
	ctx, cancel := context.WithTimeout(ctx, thumbnailTime)
	defer cancel()

	turned, err := readOrientation(r, mimeType)
	if err != nil {
		return Thumbnail{}, err
	}
	img, err := decodeImage(ctx, r, mimeType)
	if err != nil {
		return Thumbnail{}, err
	}
	return encodeThumbnail(turn(shrink(img), turned))
}

// shrink scales the picture down to fit ThumbnailSide.
func shrink(img image.Image) *image.NRGBA {
	from := img.Bounds()
	w, h := from.Dx(), from.Dy()
	if longest := max(w, h); longest > ThumbnailSide {
		w, h = max(w*ThumbnailSide/longest, 1), max(h*ThumbnailSide/longest, 1)
	}
	small := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.BiLinear.Scale(small, small.Bounds(), img, from, draw.Src, nil)
	return small
}

// turn applies an EXIF orientation: the result is what the camera saw upright.
func turn(img *image.NRGBA, o orientation) *image.NRGBA {
	if o <= 1 {
		return img
	}
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	size := image.Rect(0, 0, w, h)
	if o.swapsSides() {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewNRGBA(size)
	for y := range h {
		for x := range w {
			tx, ty := x, y
			switch o {
			case 2: // mirrored
				tx = w - 1 - x
			case 3: // upside down
				tx, ty = w-1-x, h-1-y
			case 4: // upside down and mirrored
				ty = h - 1 - y
			case 5: // lying and mirrored
				tx, ty = y, x
			case 6: // lying, top to the right
				tx, ty = h-1-y, x
			case 7: // lying and mirrored the other way
				tx, ty = h-1-y, w-1-x
			case 8: // lying, top to the left
				tx, ty = y, w-1-x
			}
			out.SetNRGBA(tx, ty, img.NRGBAAt(x, y))
		}
	}
	return out
}

func encodeThumbnail(img *image.NRGBA) (Thumbnail, error) {
	t := Thumbnail{MIME: "image/jpeg", Size: Size{Width: img.Bounds().Dx(), Height: img.Bounds().Dy()}}
	var out bytes.Buffer
	var err error
	if img.Opaque() {
		err = jpeg.Encode(&out, img, &jpeg.Options{Quality: 80})
	} else {
		t.MIME = "image/png"
		err = png.Encode(&out, img)
	}
	if err != nil {
		return Thumbnail{}, fmt.Errorf("encode thumbnail: %w", err)
	}
	t.Bytes = out.Bytes()
	return t, nil
}
