package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/srs"
)

// maxConfig bounds the file of -config, in bytes.
const maxConfig = 1 << 20

// A config is the file of -config, in YAML or, if its name ends in .json, in JSON.
type config struct {
	Demo     bool            `yaml:"demo"` // serve the embedded rasters, too
	Services []serviceConfig `yaml:"services"`
}

// A serviceConfig describes one service. Only Path is needed. What is empty is as on the command line.
type serviceConfig struct {
	Name        string `yaml:"name"` // or FOLDER/NAME; default: that of the first path
	Path        texts  `yaml:"path"` // one or several; relative ones begin at the configuration's folder
	Description string `yaml:"description"`
	Credits     string `yaml:"credits"`

	SR             string       `yaml:"sr"`        // a code or any other text of a spatial reference
	Format         string       `yaml:"format"`    // of images for which a request names none
	Tiles          string       `yaml:"tiles"`     // web, own or elevation
	Functions      string       `yaml:"functions"` // a folder of templates
	MaxSize        int          `yaml:"max-size"`  // see -max-size
	SkipUnreadable bool         `yaml:"skip-unreadable"`
	Stretch        [][2]float64 `yaml:"stretch"` // of each band, what is black and what is white
}

// texts are one text or a list of them.
type texts []string

// UnmarshalYAML reads a text or a list.
func (t *texts) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		var one string
		err := n.Decode(&one)
		*t = texts{one}
		return err
	}
	return n.Decode((*[]string)(t))
}

// typeOfField is the end of an error about an unknown member, which names a type of this program.
var typeOfField = regexp.MustCompile(`field (\S+) not found in type \S+`)

// readConfig reads a configuration. Members that it does not know are errors.
func readConfig(name string) (c config, err error) {
	if name == "" {
		return c, nil
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s: %s", name, typeOfField.ReplaceAllString(strings.ReplaceAll(err.Error(), "\n", " "), `there is no member "$1"`))
		}
	}()
	f, err := os.Open(name)
	if err != nil {
		return c, errors.Unwrap(err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxConfig+1))
	switch {
	case err != nil:
		return c, err
	case len(text) > maxConfig:
		return c, fmt.Errorf("it is longer than %d bytes", maxConfig)
	}
	if strings.EqualFold(filepath.Ext(name), ".json") {
		if err := json.Unmarshal(text, new(any)); err != nil {
			return c, err
		}
		text = bytes.ReplaceAll(text, []byte("\t"), []byte(" ")) // JSON has them between its values alone, and YAML not even there
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(&c); err != nil && !errors.Is(err, io.EOF) {
		return c, err
	}
	if err := d.Decode(new(any)); !errors.Is(err, io.EOF) {
		return c, errors.New("there is more than one document")
	}
	if !c.Demo && len(c.Services) == 0 {
		return c, errors.New("there are no services")
	}
	dir := filepath.Dir(name)
	for i := range c.Services {
		if err := c.Services[i].complete(dir); err != nil {
			return c, fmt.Errorf("service %d: %w", i+1, err)
		}
	}
	return c, nil
}

// complete checks a service, and makes its paths begin at the configuration's folder.
func (s *serviceConfig) complete(dir string) error {
	if len(s.Path) == 0 {
		return errors.New("there is no path")
	}
	for i, p := range s.Path {
		if p == "" {
			return errors.New("a path is empty")
		}
		s.Path[i] = below(dir, p)
	}
	if s.Functions != "" {
		s.Functions = below(dir, s.Functions)
	}
	if !isScheme(s.Tiles) {
		return fmt.Errorf("tiles %q is not web, own or elevation", s.Tiles)
	}
	if s.MaxSize < 0 {
		return fmt.Errorf("max-size %d is below 0", s.MaxSize)
	}
	return nil
}

// below returns a path as seen from a folder, unless it is absolute or a URL.
func below(dir, path string) string {
	if filepath.IsAbs(path) || strings.Contains(path, "://") {
		return path
	}
	return filepath.Join(dir, path)
}

// apply sets what a configuration states about a service.
func (s *serviceConfig) apply(to *exportimage.Service) error {
	to.Description, to.Copyright, to.SkipUnreadable = s.Description, s.Credits, s.SkipUnreadable
	if s.SR != "" {
		crs, err := srs.Parse(s.SR)
		if err != nil {
			return fmt.Errorf("sr: %w", err)
		}
		to.CRS = crs
	}
	if s.Format != "" {
		format, known := to.Formats[strings.ToLower(s.Format)]
		if !known {
			return fmt.Errorf("format %q is not one of %s", s.Format, strings.Join(to.Formats.Names(), ", "))
		}
		to.Defaults.Format = format.Name
	}
	for _, r := range s.Stretch {
		if !(r[0] < r[1]) {
			return fmt.Errorf("stretch: %v is not below %v", r[0], r[1])
		}
		to.Stretch = append(to.Stretch, exportimage.Range{Min: r[0], Max: r[1]})
	}
	return nil
}
