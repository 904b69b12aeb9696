//go:build !amd64 || purego

package horn

// Without assembly all pixels are left to Go.

func assembledGradients(_, _ []float64, _ Rows) int    { return 0 }
func assembledPercents(_ []float32, _ Rows) int        { return 0 }
func assembledShades(_ []uint8, _ Rows, _ *Lights) int { return 0 }
func assembledAspects(_ []float32, _ Rows) int         { return 0 }
