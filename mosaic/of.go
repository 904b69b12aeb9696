package mosaic

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/internal/guard"
	"github.com/geoexport/geoexport/raster"
)

// Of returns a catalogue of one raster that is open. The caller owns the dataset, which must stay open while the
// catalogue is used. Several catalogues become one by Join. A raster that does not state where it lies, by its grid, is
// an error of whoever uses the catalogue.
//
// A raster whose bands state slices of multidimensional variables is one item for each slice: see SplitSlices.
func Of(name string, ds raster.Dataset) Slice {
	return Reopened(name, ds.Info(), func(context.Context) (raster.Dataset, error) { return ds, nil })
}

// Reopened returns the catalogue of one raster, as Of does, whose items open it by open.
func Reopened(name string, info raster.Info, open func(context.Context) (raster.Dataset, error)) Slice {
	return SplitSlices([]*Item{newItem(1, name, info, open)}, []raster.Info{info})
}

func newItem(id int64, name string, info raster.Info, open func(context.Context) (raster.Dataset, error)) *Item {
	return &Item{
		ID: id, Name: name,
		Footprint: Footprint{CRS: info.Grid.CRS, Envelope: info.Grid.Envelope()},
		PixelSize: pixelSize(info.Grid), Type: info.Type, Open: open,
	}
}

// Files returns a catalogue of the rasters with the given names, which open opens: paths, URLs, or whatever open takes.
// Items are in the order of the names, with IDs from 1; an item's Name is what follows the last slash, without its extension. Each
// raster is opened for its Info, several side by side, and again by open for every export that needs it; so open is best
// the method of a Pool. It must not keep its context. The first raster that cannot be opened, or does not state where it
// lies, is an error.
func Files(
	ctx context.Context, open func(ctx context.Context, name string) (raster.Dataset, error), names ...string,
) (Slice, error) {
	items, infos := make(Slice, len(names)), make([]raster.Info, len(names))
	g, ctx := guard.WithContext(ctx)
	g.SetLimit(openAtOnce)
	for i, name := range names {
		g.Go("opening raster "+strconv.Quote(name), func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			ds, err := openSettled(ctx, name, open)
			if err != nil {
				return fmt.Errorf("mosaic: opening raster %q: %w", name, err)
			}
			checked, err := raster.Check(ds)
			if err == nil {
				err = checkPlaced(checked.Info().Grid)
			}
			if err != nil {
				return fmt.Errorf("mosaic: raster %q: %w", name, err)
			}
			infos[i] = checked.Info()
			base := path.Base(name)
			items[i] = newItem(int64(i+1), strings.TrimSuffix(base, path.Ext(base)), checked.Info(),
				func(ctx context.Context) (raster.Dataset, error) { return open(ctx, name) })
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return renumbered(SplitSlices(items, infos), len(items)), nil
}

// renumbered numbers items from 1 if they are not the given number any more, since rasters were split into slices.
func renumbered(items Slice, were int) Slice {
	if len(items) != were {
		for i, it := range items {
			it.ID = int64(i + 1)
		}
	}
	return items
}

// Join makes one catalogue of several. One alone stays as it is; else items are numbered anew from 1, in the order of the
// catalogues and, inside each, from the top down. Then only the numbers order them: pixel sizes, by which finer rasters
// would lie higher, are left out. The catalogues themselves do not change.
func Join(catalogues ...Slice) Slice {
	if len(catalogues) == 1 {
		return catalogues[0]
	}
	var all Slice
	for _, c := range catalogues {
		items := slices.Clone(c)
		Rule{}.Order(items, View{})
		for _, it := range items {
			renumbered := *it
			renumbered.ID, renumbered.PixelSize = int64(len(all)+1), 0
			all = append(all, &renumbered)
		}
	}
	return all
}
