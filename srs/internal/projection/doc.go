// Package projection holds the map projections: one file for each, with its kernel and its descriptor.
package projection
