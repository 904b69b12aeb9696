package main

import (
	"math"
	"strconv"
)

// number formats a figure with three digits, which is as much as it is worth; "-" if there is none.
func number(v float64) string {
	switch {
	case math.IsNaN(v):
		return "-"
	case v == 0 || math.IsInf(v, 0):
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	digits := 2 - int(math.Floor(math.Log10(math.Abs(v))))
	return strconv.FormatFloat(v, 'f', min(max(digits, 0), 6), 64)
}

// ms formats seconds as milliseconds.
func ms(seconds float64) string { return number(seconds * 1e3) }

// mb formats bytes as megabytes; "-" if they are not known.
func mb(bytes int64) string {
	if bytes == 0 {
		return "-"
	}
	return number(float64(bytes) / 1e6)
}

// percent formats a part of all. What is not all does not look like it.
func percent(part float64) string {
	if part < 1 {
		part = min(part, 0.99999)
	}
	return strconv.FormatFloat(part*100, 'f', 3, 64)
}
