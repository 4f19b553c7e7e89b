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

// area is a rectangle, in parts of the picture's width and height.
type area struct{ left, top, right, bottom float64 }

// fill paints the points of an area that inside says (all of them if nil), with a little shade from the upper left.
func fill(canvas *image.RGBA, c color.RGBA, a area, inside func(x, y float64) bool) {
	for py := int(a.top * pictureHeight); py < int(a.bottom*pictureHeight); py++ {
		for px := int(a.left * pictureWidth); px < int(a.right*pictureWidth); px++ {
			x, y := float64(px)/pictureWidth, float64(py)/pictureHeight
			if inside == nil || inside(x, y) {
				canvas.SetRGBA(px, py, shaded(c, 1.06-0.14*(x+y)/2))
			}
		}
	}
}

func shaded(c color.RGBA, by float64) color.RGBA {
	part := func(v uint8) uint8 { return uint8(min(float64(v)*by, 255)) }
	return color.RGBA{part(c.R), part(c.G), part(c.B), 255}
}

// wall is the room behind: a wall and a table.
func wall(canvas *image.RGBA) {
	fill(canvas, color.RGBA{226, 220, 210, 255}, area{0, 0, 1, 0.72}, nil)
	fill(canvas, color.RGBA{164, 128, 96, 255}, area{0, 0.72, 1, 1}, nil)
}

// parcel is a carton with its corner pushed in.
func parcel(canvas *image.RGBA) {
	// how far beyond the jagged edge of the dent, negative outside of it
	beyond := func(x, y float64) float64 { return (x - 0.78) + (0.3 - y) + 0.17 + 0.015*math.Sin(x*95) }
	body := area{0.22, 0.3, 0.78, 0.84}
	fill(canvas, color.RGBA{198, 156, 109, 255}, body, func(x, y float64) bool { return beyond(x, y) < 0 })
	fill(canvas, color.RGBA{222, 190, 146, 255}, area{0.46, 0.3, 0.54, 0.84}, nil)
	fill(canvas, color.RGBA{244, 244, 240, 255}, area{0.27, 0.6, 0.42, 0.75}, nil)
	for i := range 9 { // the label's bar code
		left := 0.285 + float64(i)*0.0135
		fill(canvas, color.RGBA{40, 40, 40, 255}, area{left, 0.63, left + 0.004 + 0.004*float64(i%3), 0.7}, nil)
	}
	fill(canvas, color.RGBA{128, 94, 60, 255}, body, func(x, y float64) bool { return beyond(x, y) > -0.035 && beyond(x, y) < 0.02 })
}

// mug is a cup with a crack.
func mug(canvas *image.RGBA) {
	fill(canvas, color.RGBA{74, 116, 150, 255}, area{0.6, 0.36, 0.82, 0.76}, func(x, y float64) bool {
		ring := math.Hypot((x-0.66)*4/3, y-0.56)
		return ring < 0.17 && ring > 0.11
	})
	fill(canvas, color.RGBA{84, 128, 164, 255}, area{0.34, 0.34, 0.66, 0.82}, nil)
	fill(canvas, color.RGBA{60, 44, 34, 255}, area{0.34, 0.28, 0.66, 0.4}, func(x, y float64) bool {
		return math.Hypot((x-0.5)/0.16, (y-0.34)/0.05) < 1
	})
	fill(canvas, color.RGBA{24, 34, 44, 255}, area{0.36, 0.37, 0.5, 0.7}, func(x, y float64) bool {
		return math.Abs(x-0.42-0.02*math.Sin(y*60)-0.08*(y-0.36)) < 0.0045
	})
}

// shirt is a T-shirt laid out.
func shirt(canvas *image.RGBA) {
	cloth := color.RGBA{206, 96, 92, 255}
	fill(canvas, cloth, area{0.34, 0.2, 0.66, 0.86}, nil)
	fill(canvas, cloth, area{0.2, 0.2, 0.8, 0.54}, func(x, y float64) bool { // the sleeves
		d := math.Abs(x - 0.5)
		return d >= 0.14 && y > 0.2+(d-0.14)*0.9 && y < 0.42+(d-0.14)*0.7
	})
	fill(canvas, color.RGBA{226, 220, 210, 255}, area{0.4, 0.1, 0.6, 0.3}, func(x, y float64) bool { return math.Hypot((x-0.5)*4/3, (y-0.19)*1.2) < 0.1 })
	fill(canvas, color.RGBA{120, 44, 44, 255}, area{0.52, 0.46, 0.62, 0.58}, func(x, y float64) bool { return math.Hypot((x-0.57)*4/3, y-0.52) < 0.035 })
}
