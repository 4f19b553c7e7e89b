package demo

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
)

const pictureWidth, pictureHeight = 640, 480

// picture draws one of the photos that demo customers send, as PNG: plain shapes, so that nobody's photo is needed.
func picture(name string) ([]byte, error) {
	canvas := image.NewRGBA(image.Rect(0, 0, pictureWidth, pictureHeight))
	wall(canvas)
	switch name {
	case "parcel":
		parcel(canvas)
	case "mug":
		mug(canvas)
	case "shirt":
		shirt(canvas)
	default:
		return nil, fmt.Errorf("nobody can draw %q", name)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, canvas); err != nil {
		return nil, fmt.Errorf("draw %s: %w", name, err)
	}
	return out.Bytes(), nil
}

// fill paints every point that inside says, x and y in 0..1, with a little shade from the upper left.
func fill(canvas *image.RGBA, c color.RGBA, inside func(x, y float64) bool) {
	for py := range pictureHeight {
		for px := range pictureWidth {
			x, y := float64(px)/pictureWidth, float64(py)/pictureHeight
			if inside(x, y) {
				canvas.SetRGBA(px, py, shaded(c, 1.06-0.14*(x+y)/2))
			}
		}
	}
}

func shaded(c color.RGBA, by float64) color.RGBA {
	part := func(v uint8) uint8 { return uint8(min(float64(v)*by, 255)) }
	return color.RGBA{part(c.R), part(c.G), part(c.B), 255}
}

func box(left, top, right, bottom float64) func(x, y float64) bool {
	return func(x, y float64) bool { return x >= left && x < right && y >= top && y < bottom }
}

// wall is the room behind: a wall and a table.
func wall(canvas *image.RGBA) {
	fill(canvas, color.RGBA{226, 220, 210, 255}, box(0, 0, 1, 1))
	fill(canvas, color.RGBA{164, 128, 96, 255}, box(0, 0.72, 1, 1))
}

// parcel is a carton with its corner pushed in.
func parcel(canvas *image.RGBA) {
	// how far beyond the jagged edge of the dent, negative outside of it
	beyond := func(x, y float64) float64 { return (x - 0.78) + (0.3 - y) + 0.17 + 0.015*math.Sin(x*95) }
	body := box(0.22, 0.3, 0.78, 0.84)
	fill(canvas, color.RGBA{198, 156, 109, 255}, func(x, y float64) bool { return body(x, y) && beyond(x, y) < 0 })
	fill(canvas, color.RGBA{222, 190, 146, 255}, func(x, y float64) bool { return box(0.46, 0.3, 0.54, 0.84)(x, y) })
	fill(canvas, color.RGBA{244, 244, 240, 255}, box(0.27, 0.6, 0.42, 0.75))
	for i := range 9 { // the label's bar code
		left := 0.285 + float64(i)*0.0135
		fill(canvas, color.RGBA{40, 40, 40, 255}, box(left, 0.63, left+0.004+0.004*float64(i%3), 0.7))
	}
	fill(canvas, color.RGBA{128, 94, 60, 255}, func(x, y float64) bool {
		return body(x, y) && beyond(x, y) > -0.035 && beyond(x, y) < 0.02
	})
}

// mug is a cup with a crack.
func mug(canvas *image.RGBA) {
	fill(canvas, color.RGBA{74, 116, 150, 255}, func(x, y float64) bool {
		ring := math.Hypot((x-0.66)*4/3, y-0.56)
		return x > 0.6 && ring < 0.17 && ring > 0.11
	})
	fill(canvas, color.RGBA{84, 128, 164, 255}, box(0.34, 0.34, 0.66, 0.82))
	fill(canvas, color.RGBA{60, 44, 34, 255}, func(x, y float64) bool {
		return math.Hypot((x-0.5)/0.16, (y-0.34)/0.05) < 1
	})
	fill(canvas, color.RGBA{24, 34, 44, 255}, func(x, y float64) bool {
		crack := 0.42 + 0.02*math.Sin(y*60) + 0.08*(y-0.36)
		return y > 0.37 && y < 0.7 && math.Abs(x-crack) < 0.0045
	})
}

// shirt is a T-shirt laid out.
func shirt(canvas *image.RGBA) {
	cloth := color.RGBA{206, 96, 92, 255}
	fill(canvas, cloth, box(0.34, 0.2, 0.66, 0.86))
	fill(canvas, cloth, func(x, y float64) bool {
		d := math.Abs(x - 0.5)
		return d >= 0.14 && d < 0.3 && y > 0.2+(d-0.14)*0.9 && y < 0.42+(d-0.14)*0.7
	})
	fill(canvas, color.RGBA{226, 220, 210, 255}, func(x, y float64) bool { return math.Hypot((x-0.5)*4/3, (y-0.19)*1.2) < 0.1 })
	fill(canvas, color.RGBA{120, 44, 44, 255}, func(x, y float64) bool { return math.Hypot((x-0.57)*4/3, y-0.52) < 0.035 }) // the stain
}
