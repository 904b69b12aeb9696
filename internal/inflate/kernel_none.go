//go:build !amd64 || purego

package inflate

// fast decodes symbols until dst has limit bytes or an end of src or dst is near. end reports that the block has ended.
func (d *decoder) fast(t *tables, limit int) (end bool, err error) { return d.plain(t, limit) }
