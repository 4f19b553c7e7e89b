package media

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// orientation is the EXIF orientation tag: 1 upright, 2–8 mirrored or turned. 0 counts as 1.
type orientation uint16

func (o orientation) swapsSides() bool { return o >= 5 && o <= 8 }

const (
	jpegSOF2 = 0xC2 // start of a progressive frame
	jpegSOS  = 0xDA // start of scan: the picture itself begins
	jpegAPP1 = 0xE1 // EXIF
	jpegEOI  = 0xD9

	exifOrientationTag = 0x0112
	maxMetadata        = 1 << 20 // bytes; larger WebP chunks are the picture
)

// readOrientation finds the EXIF orientation of a JPEG or WebP (what phones write); anything unreadable is upright.
// The error is the reader's own only.
func readOrientation(r io.ReadSeeker, mimeType string) (orientation, error) {
	var found orientation
	var err error
	switch mimeType {
	case "image/jpeg":
		err = walkJPEG(r, func(marker byte, segment []byte) bool {
			if tiff, ok := bytes.CutPrefix(segment, []byte("Exif\x00\x00")); ok && marker == jpegAPP1 {
				found = tiffOrientation(tiff)
				return false
			}
			return true
		})
	case "image/webp":
		err = walkWebP(r, func(chunk string, data []byte) bool {
			if chunk == "EXIF" {
				found = tiffOrientation(bytes.TrimPrefix(data, []byte("Exif\x00\x00")))
				return false
			}
			return true
		})
	}
	return found, err
}

// walkJPEG visits the marker segments before the picture; visit says whether to go on. A damaged file ends the walk
// without an error, a failing reader with one.
func walkJPEG(r io.ReadSeeker, visit func(marker byte, segment []byte) bool) error {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("rewind image: %w", err)
	}
	b := bufio.NewReader(r)
	var soi [2]byte
	if _, err := io.ReadFull(b, soi[:]); err != nil || soi != [2]byte{0xFF, 0xD8} {
		return readerFault(err)
	}
	for {
		marker, err := nextMarker(b)
		if err != nil {
			return readerFault(err)
		}
		if marker == jpegSOS || marker == jpegEOI {
			return nil
		}
		var size [2]byte
		if _, err := io.ReadFull(b, size[:]); err != nil {
			return readerFault(err)
		}
		n := int(binary.BigEndian.Uint16(size[:])) - 2
		if n < 0 {
			return nil
		}
		segment := make([]byte, n)
		if _, err := io.ReadFull(b, segment); err != nil {
			return readerFault(err)
		}
		if !visit(marker, segment) {
			return nil
		}
	}
}

// nextMarker finds the next marker that carries a length. Like image/jpeg it skips stray bytes: what one reads and the
// other overlooks would be a way around the limits.
func nextMarker(b *bufio.Reader) (byte, error) {
	for {
		c, err := b.ReadByte()
		for err == nil && c != 0xFF {
			c, err = b.ReadByte()
		}
		for err == nil && c == 0xFF {
			c, err = b.ReadByte()
		}
		if err != nil {
			return 0, err
		}
		if c != 0 && (c < 0xD0 || c > 0xD7) { // 0 is a stuffed byte, D0–D7 restart marks without a length
			return c, nil
		}
	}
}

// walkWebP visits the RIFF chunks that are small enough to be metadata; visit says whether to go on.
func walkWebP(r io.ReadSeeker, visit func(chunk string, data []byte) bool) error {
	if _, err := r.Seek(12, io.SeekStart); err != nil {
		return fmt.Errorf("rewind image: %w", err)
	}
	for range 64 { // far more chunks than an honest still image has
		var head [8]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return readerFault(err)
		}
		size := int64(binary.LittleEndian.Uint32(head[4:]))
		if size > maxMetadata {
			if _, err := r.Seek(size+size%2, io.SeekCurrent); err != nil {
				return fmt.Errorf("skip image chunk: %w", err)
			}
			continue
		}
		data := make([]byte, size+size%2)
		n, err := io.ReadFull(r, data)
		if int64(n) < size {
			return readerFault(err)
		}
		if !visit(string(head[:4]), data[:size]) {
			return nil
		}
	}
	return nil
}

// readerFault drops the errors that only say that a file is short.
func readerFault(err error) error {
	if err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return fmt.Errorf("read image metadata: %w", err)
}

// tiffOrientation reads the orientation from the first directory of a TIFF block, 0 if there is none.
func tiffOrientation(tiff []byte) orientation {
	if len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 0
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 0
	}
	entries := uint64(order.Uint16(tiff[at:]))
	for i := range entries {
		entry := at + 2 + 12*i
		if entry+12 > uint64(len(tiff)) {
			return 0
		}
		if order.Uint16(tiff[entry:]) == exifOrientationTag {
			if o := orientation(order.Uint16(tiff[entry+8:])); o <= 8 {
				return o
			}
			return 0
		}
	}
	return 0
}
