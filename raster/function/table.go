package function

import (
	"strings"
	"sync"
)

// specs are all functions, a line for each. A new one is a file of its own and a line here.
var specs = []*spec{
	&arithmeticSpec,
	&aspectSpec,
	&bandArithmeticSpec,
	&clipSpec,
	&colormapSpec,
	&colormapToRGBSpec,
	&compositeBandSpec,
	&contrastBrightnessSpec,
	&convolutionSpec,
	&curvatureSpec,
	&extractBandSpec,
	&grayscaleSpec,
	&hillshadeSpec,
	&identitySpec,
	&localSpec,
	&maskSpec,
	&ndviSpec,
	&pansharpeningSpec,
	&calculatorSpec,
	&remapSpec,
	&resampleSpec,
	&shadedReliefSpec,
	&slopeSpec,
	&spectralConversionSpec,
	&statisticsSpec,
	&statisticsHistogramSpec,
	&stretchSpec,
	&tableSpec,
	&transposeBitsSpec,
	&unitConversionSpec,
}

// specsByName are the specs by their names and aliases in lower case.
var specsByName = sync.OnceValue(func() map[string]*spec {
	m := map[string]*spec{}
	for _, s := range specs {
		m[strings.ToLower(s.name)] = s
		for _, a := range s.aliases {
			m[strings.ToLower(a)] = s
		}
	}
	return m
})

// Names returns the names of all functions, as ArcGIS spells them, in alphabetical order.
func Names() []string {
	names := make([]string, len(specs))
	for i, s := range specs {
		names[i] = s.name
	}
	return names
}

// New returns a function by its name, in any case, whose arguments have the operation's defaults; nil if there is none.
func New(name string) Function {
	if s := specsByName()[strings.ToLower(name)]; s != nil {
		return s.fresh()
	}
	return nil
}
