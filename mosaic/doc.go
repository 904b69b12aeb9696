// Package mosaic makes many rasters one: a catalogue lists rasters and their positions, a rule chooses those of a
// request and puts them in order, and a merger folds their pixels, top first, until nothing below can show.
//
//	Catalog ── Rule.Choose(view) ──▶ []*Item, top … bottom ── Merger.Add ──▶ one block
//
// A Slice is a catalogue of a few items, and an Index one of many. Folder, Features and TileIndex make items from a
// folder of files and from the indexes that GDAL and STAC write, and a Pool bounds the number of rasters that are open
// at the same time. Catalogues of other kinds, such as a database, implement Catalog and pass package mosaictest.
//
// A rule chooses by box, pixel size, time, IDs and a condition, and orders by a Method. A FeatherPolygon is the outline
// at which the operation Blend fades a raster out, and at which the method Seamline cuts it.
//
// The package reads no pixels and decodes no rasters: an Item opens its raster with a function that the maker of the
// catalogue supplies. Catalogues and pools are safe for concurrent use; a Merger belongs to one goroutine.
//
// # Conditions
//
// Rule.Where is a condition on items' attributes, in the part of SQL that map clients use:
//
//	CloudCover < 0.1 AND (Sensor IN ('OLI', 'TIRS') OR Name LIKE 'LC08%') AND AcqDate >= DATE '2014-06-01'
//
// Conditions are made of
//
//	=  <>  !=  <  <=  >  >=            comparisons of fields and literals, on either side
//	x [NOT] IN (a, b, …)               x [NOT] BETWEEN a AND b
//	x [NOT] LIKE 'p' [ESCAPE 'c']      % stands for any text, _ for any one character
//	x IS [NOT] NULL
//	AND  OR  NOT  ( )
//	+  -  *  /  %  ||                  arithmetic, and texts side by side
//	CURRENT_TIMESTAMP - 7              dates and days, or INTERVAL '3' HOUR, INTERVAL '1' MONTH
//	EXTRACT(YEAR FROM x)               and QUARTER, MONTH, DAY, HOUR, MINUTE, SECOND
//	CAST(x AS type)                    and the functions UPPER, LOWER, TRIM, SUBSTRING, CHAR_LENGTH, CONCAT, ABS, FLOOR,
//	                                   CEILING, ROUND, TRUNCATE, SIGN, MOD, POWER, YEAR, MONTH, DAY, COALESCE, NULLIF
//
// Literals are numbers, 'texts' in which two quotes stand for one, dates (DATE '2014-10-20', TIMESTAMP '2014-10-20
// 15:30:00', {ts '2014-10-20 15:30:00'} or #10/20/2014#, in UTC and in any of the forms of ParseTime) and NULL.
// CURRENT_TIMESTAMP and CURRENT_DATE are the moment at which a request is read. Keywords and the names of fields may be
// in any case, and a name may stand in double quotes or brackets. Whole numbers that do not divide without a remainder
// are an error, since databases differ in what their quotient is.
//
// Logic has three values: a comparison with NULL is neither true nor false, and an item is chosen only if the condition
// is true for it. An attribute that an item does not have, or that is NaN, is NULL. Texts compare by bytes. A text
// compares with a date, and a literal text with a number, if it can be read as one; other comparisons between kinds are
// errors.
//
// The fields are an item's attributes and, unless an attribute has the same name, OBJECTID (its ID), Name, MinPS and
// MaxPS. A condition is at most 64 KiB long, is parsed in time proportional to its length, and nests at most 64 deep.
package mosaic
