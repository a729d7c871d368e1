package format

import (
	"fmt"
	"unicode/utf8"

	"github.com/concurlint/concurlint/internal/trace"
)

// A diagram is a trace laid out as a sequence diagram: a lane per goroutine,
// time downwards, and a row per step. What goroutines do in the end, when all of
// them are stuck, is one row. Lengths are pixels.
type diagram struct {
	Width, Height int
	Lanes         []laneShape
	Boxes         []boxShape
	Arrows        []arrowShape
	Gaps          []textShape
	Steps         []stepText
}

// A laneShape is a goroutine: its head, and its lifeline, which is faint until
// it is started, and after that as the class says.
type laneShape struct {
	Color            int // a number of the palette
	X, Left, Width   int
	Title, Full      string
	HeadY, HeadH     int
	Start, End       int // of the lifeline
	Stuck, Ended     bool
	Panics           bool
	Here             bool // the finding is about it
	Tail, TailBottom int  // the red end of the lifeline of a stuck goroutine
}

// A boxShape is a step on its lane.
type boxShape struct {
	X, Y, Left, Width, Height int
	Class                     string // the kind of the step
	Text, Full                string
	Line                      int
	Anchor                    string // of the line in the excerpt
	Here                      bool
	Color                     int
}

// An arrowShape goes from one lane to another.
type arrowShape struct {
	X1, X2, Y int
	Tip       string // the points of its tip
	Class     string
	Color     int
}

type textShape struct {
	X, Y, Width int
	Text        string
}

// stepText is a step in words, for those who cannot see the picture.
type stepText struct {
	Who, What string
	Line      int
	Anchor    string
	Color     int
	Class     string
}

const (
	headHeight = 30
	rowHeight  = 38
	tailHeight = 40 // below those who are stuck
	boxHeight  = 26
	laneGap    = 26
	margin     = 14
	charWidth  = 7.25 // of the monospaced font at 12 pixels
	maxText    = 30   // characters of a box
	minLane    = 104
	colors     = 7
)

// newDiagram lays out the trace of a finding, or returns nil if there is none.
func newDiagram(f *Finding, anchor func(Place) string) *diagram {
	if len(f.Steps) == 0 {
		return nil
	}
	d := &diagram{}
	d.addLanes(f)
	y := margin + headHeight + 14
	last := 0 // the row of stuck goroutines
	for _, s := range f.Steps {
		row := y
		switch s.Kind {
		case trace.Stuck, trace.Panic:
			if last == 0 {
				last = y
				y += rowHeight
			}
			row = last
		default:
			y += rowHeight
		}
		d.addStep(f, s, row, anchor)
	}
	d.Height = y + margin
	if last > 0 {
		d.Height = last + boxHeight + tailHeight
	}
	for i := range d.Lanes {
		d.finish(&d.Lanes[i])
	}
	return d
}

// addLanes places the goroutines side by side, each as wide as what it does.
func (d *diagram) addLanes(f *Finding) {
	widths := make([]int, len(f.Lanes))
	for i, l := range f.Lanes {
		widths[i] = max(minLane, textWidth(shorten(visible(l.Message)))+24)
	}
	for _, s := range f.Steps {
		if s.Kind != trace.Gap {
			widths[s.Goroutine] = max(widths[s.Goroutine], boxWidth(boxText(s), s.At.Line))
		}
	}
	x := margin
	for i, l := range f.Lanes {
		full := visible(l.Message)
		d.Lanes = append(d.Lanes, laneShape{
			Color: i % colors, X: x + widths[i]/2, Left: x, Width: widths[i],
			Title: shorten(full), Full: full, HeadY: margin, HeadH: headHeight,
		})
		x += widths[i] + laneGap
	}
	d.Lanes[0].Start = margin + headHeight
	d.Width = x - laneGap + margin
}

// addStep draws a step in a row.
func (d *diagram) addStep(f *Finding, s Step, y int, anchor func(Place) string) {
	middle := y + boxHeight/2
	if s.Kind == trace.Gap {
		text := "⋮ " + visible(s.Text)
		d.Gaps = append(d.Gaps, textShape{X: d.Width / 2, Y: middle, Width: textWidth(text) + 24, Text: text})
		d.Steps = append(d.Steps, stepText{What: visible(s.Text), Class: string(s.Kind)})
		return
	}
	lane := &d.Lanes[s.Goroutine]
	width := boxWidth(boxText(s), s.At.Line)
	box := boxShape{
		X: lane.X, Y: y, Left: lane.X - width/2, Width: width, Height: boxHeight,
		Class: string(s.Kind), Text: shorten(boxText(s)), Full: boxText(s), Line: s.At.Line,
		Anchor: anchor(s.At), Here: s.Here, Color: lane.Color,
	}
	d.Boxes = append(d.Boxes, box)
	d.Steps = append(d.Steps, stepText{
		Who: lane.Full, What: stepWords(f, s), Line: s.At.Line, Anchor: box.Anchor, Color: lane.Color, Class: box.Class,
	})
	if lane.Start == 0 { // its start is not among the steps
		lane.Start = y - 6
	}
	switch s.Kind {
	case trace.Start, trace.Pass:
		to := &d.Lanes[s.To]
		if s.Kind == trace.Start && to.Start == 0 {
			to.Start = middle
		}
		d.addArrow(box, to, middle)
	case trace.Return:
		lane.Ended, lane.End = true, y+boxHeight
	case trace.Stuck, trace.Panic:
		lane.Stuck, lane.End = true, y+boxHeight
		lane.Panics = s.Kind == trace.Panic
		lane.Here = lane.Here || s.Here
	}
}

// addArrow draws an arrow from the edge of a box to another lane.
func (d *diagram) addArrow(from boxShape, to *laneShape, y int) {
	a := arrowShape{Y: y, Class: from.Class, Color: from.Color, X1: from.Left + from.Width, X2: to.X - 2}
	side := 1
	if to.X < from.X {
		a.X1, a.X2, side = from.Left, to.X+2, -1
	}
	a.Tip = fmt.Sprintf("%d,%d %d,%d %d,%d", a.X2, y, a.X2-8*side, y-5, a.X2-8*side, y+5)
	d.Arrows = append(d.Arrows, a)
}

// finish draws the end of a lifeline.
func (d *diagram) finish(lane *laneShape) {
	switch {
	case lane.Start == 0:
		lane.Start, lane.End = lane.HeadY+lane.HeadH, d.Height-margin/2
	case lane.Stuck:
		lane.Tail, lane.TailBottom = lane.End, lane.End+tailHeight-20
	case !lane.Ended:
		lane.End = d.Height - margin/2
	}
}

// boxText is what a box says.
func boxText(s Step) string {
	switch s.Kind {
	case trace.When:
		return "when " + visible(s.Text)
	case trace.Panic:
		return "panic: " + visible(s.Text)
	}
	return visible(s.Text)
}

// stepWords is a step as a sentence.
func stepWords(f *Finding, s Step) string {
	text := boxText(s)
	switch s.Kind {
	case trace.Stuck:
		return text + " blocks forever"
	case trace.Start:
		return text + " starts " + visible(f.Lanes[s.To].Message)
	case trace.Pass:
		return text + ", taken by " + visible(f.Lanes[s.To].Message)
	}
	return text
}

func boxWidth(text string, line int) int {
	return textWidth(shorten(text)+fmt.Sprintf("  %d", line)) + 26
}

func textWidth(text string) int {
	return int(float64(utf8.RuneCountInString(text)) * charWidth)
}

// shorten cuts a text to what a box has room for.
func shorten(text string) string {
	if r := []rune(text); len(r) > maxText {
		return string(r[:maxText-1]) + "…"
	}
	return text
}
