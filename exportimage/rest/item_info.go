package rest

import "net/url"

// itemInfoJSON describes the service as ArcGIS portals do an item.
type itemInfoJSON struct {
	Culture      string       `json:"culture"`
	Name         string       `json:"name"`
	GUID         string       `json:"guid"`
	CatalogPath  string       `json:"catalogPath"`
	Snippet      string       `json:"snippet"`
	Description  string       `json:"description"`
	Summary      string       `json:"summary"`
	Title        string       `json:"title"`
	Tags         []string     `json:"tags"`
	Type         string       `json:"type"`
	Keywords     []string     `json:"typeKeywords"`
	Thumbnail    string       `json:"thumbnail"`
	URL          string       `json:"url"`
	Extent       [][2]float64 `json:"extent"` // its corners in degrees of WGS 84, lower left first; none if it has none there
	SR           string       `json:"spatialReference"`
	AccessedFrom string       `json:"accessInformation"`
	License      string       `json:"licenseInfo"`
}

// itemInfo answers with what a portal shows of the service.
func (r *responder) itemInfo(url.Values) error {
	d, err := r.service.Describe(r.request.Context())
	if err != nil {
		return err
	}
	about := boundedText(r.service.Description)
	item := itemInfoJSON{
		Name: r.service.Name, Title: title(r.service), Type: "Image Service",
		Snippet: about, Description: about, Summary: about, AccessedFrom: boundedText(r.service.Copyright),
		Tags: []string{}, Keywords: []string{"ArcGIS Server", "Data", "Image Service", "Service"},
		Thumbnail: "thumbnail", Extent: [][2]float64{}, SR: d.CRS.Name(),
	}
	if e, ok := inDegrees(r.service, &d); ok {
		item.Extent = [][2]float64{{e.XMin, e.YMin}, {e.XMax, e.YMax}}
	}
	r.json(item)
	return nil
}
