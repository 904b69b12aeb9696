package main

import (
	"math"
	"os"
	"path/filepath"

	"github.com/go-analyze/charts"
)

// plot writes a curve as SVG into a folder.
func plot(folder string, c Curve) error {
	values := make([][]float64, len(c.Lines))
	names := make([]string, len(c.Lines))
	for i, l := range c.Lines {
		names[i] = l.Name
		for _, v := range l.Values {
			if math.IsNaN(v) {
				v = charts.GetNullValue()
			}
			values[i] = append(values[i], v)
		}
	}
	o := charts.NewLineChartOptionWithData(values)
	o.Title.Text, o.Title.Subtext = c.Title, c.Y
	o.Title.FontStyle.FontSize = 14
	o.XAxis.Labels, o.XAxis.Title = c.Labels, c.X
	o.YAxis[0].Min = new(0.0)
	o.Legend.SeriesNames = names
	o.Legend.Offset = charts.OffsetRight
	o.Symbol.Shape = charts.SymbolCircle
	o.ValueFormatter = number
	p := charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputSVG, Width: 640, Height: 360})
	if err := p.LineChart(o); err != nil {
		return err
	}
	svg, err := p.Bytes()
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, c.Name+".svg"), svg, 0o644)
}
