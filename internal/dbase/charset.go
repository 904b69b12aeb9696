package dbase

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// codePage returns the character set with the number of a Windows or DOS code page, or 8859 and the number of a part of
// ISO 8859; ok is false for others. UTF-8 is nil.
func codePage(number string) (set encoding.Encoding, ok bool) {
	switch number {
	case "65001":
		return nil, true
	case "932":
		return japanese.ShiftJIS, true
	case "51932":
		return japanese.EUCJP, true
	case "936":
		return simplifiedchinese.GBK, true
	case "54936":
		return simplifiedchinese.GB18030, true
	case "949", "51949":
		return korean.EUCKR, true
	case "950":
		return traditionalchinese.Big5, true
	case "437":
		return charmap.CodePage437, true
	case "850":
		return charmap.CodePage850, true
	case "852":
		return charmap.CodePage852, true
	case "855":
		return charmap.CodePage855, true
	case "858":
		return charmap.CodePage858, true
	case "860":
		return charmap.CodePage860, true
	case "862":
		return charmap.CodePage862, true
	case "863":
		return charmap.CodePage863, true
	case "865":
		return charmap.CodePage865, true
	case "866":
		return charmap.CodePage866, true
	case "874":
		return charmap.Windows874, true
	case "1250":
		return charmap.Windows1250, true
	case "1251":
		return charmap.Windows1251, true
	case "1252":
		return charmap.Windows1252, true
	case "1253":
		return charmap.Windows1253, true
	case "1254":
		return charmap.Windows1254, true
	case "1255":
		return charmap.Windows1255, true
	case "1256":
		return charmap.Windows1256, true
	case "1257":
		return charmap.Windows1257, true
	case "1258":
		return charmap.Windows1258, true
	case "20866":
		return charmap.KOI8R, true
	case "21866":
		return charmap.KOI8U, true
	case "10000":
		return charmap.Macintosh, true
	}
	return isoPart(strings.TrimPrefix(number, "8859"), strings.HasPrefix(number, "8859"))
}

// isoPart returns a part of ISO 8859.
func isoPart(part string, ok bool) (encoding.Encoding, bool) {
	if !ok {
		return nil, false
	}
	switch part {
	case "1":
		return charmap.ISO8859_1, true
	case "2":
		return charmap.ISO8859_2, true
	case "3":
		return charmap.ISO8859_3, true
	case "4":
		return charmap.ISO8859_4, true
	case "5":
		return charmap.ISO8859_5, true
	case "6":
		return charmap.ISO8859_6, true
	case "7":
		return charmap.ISO8859_7, true
	case "8":
		return charmap.ISO8859_8, true
	case "9":
		return charmap.ISO8859_9, true
	case "10":
		return charmap.ISO8859_10, true
	case "13":
		return charmap.ISO8859_13, true
	case "14":
		return charmap.ISO8859_14, true
	case "15":
		return charmap.ISO8859_15, true
	case "16":
		return charmap.ISO8859_16, true
	}
	return nil, false
}

// charsetNames are names of character sets that do not hold the number by which codePage knows them.
var charsetNames = map[string]string{
	"UTF8": "65001", "LATIN1": "88591", "L1": "88591", "LATIN2": "88592", "LATIN3": "88593", "LATIN4": "88594", "LATIN5": "88599",
	"LATIN9": "885915", "ASCII": "65001", "USASCII": "65001", "SJIS": "932", "SHIFTJIS": "932", "EUCJP": "51932", "GBK": "936",
	"GB2312": "936", "GB18030": "54936", "EUCKR": "949", "BIG5": "950", "KOI8R": "20866", "KOI8U": "21866",
}

// charsetOf returns the character set that a .cpg file names: "1252", "CP1252", "ANSI 1252", "windows-1252", "LATIN1",
// "ISO 88591" and more.
func charsetOf(cpg string) (encoding.Encoding, bool) {
	name := strings.NewReplacer("-", "", "_", "", " ", "", ":", "", ".", "").Replace(strings.ToUpper(cpg))
	if number, ok := charsetNames[name]; ok {
		return codePage(number)
	}
	for _, prefix := range []string{"CP", "WINDOWS", "WIN", "ANSI", "OEM", "IBM", "MS", "ISO", ""} {
		if number, ok := strings.CutPrefix(name, prefix); ok {
			if set, ok := codePage(number); ok {
				return set, true
			}
		}
	}
	return nil, false
}

// languageDrivers are the code pages of the language drivers of dBASE and FoxPro tables, by the byte at offset 29. 0 and
// 87 are missing: they stand for whatever the writer's machine used.
var languageDrivers = map[byte]string{
	1: "437", 2: "850", 3: "1252", 8: "865", 9: "437", 10: "850", 11: "437", 13: "437", 14: "850", 15: "437", 16: "850",
	17: "437", 18: "850", 19: "932", 20: "850", 21: "437", 22: "850", 23: "865", 24: "437", 25: "437", 26: "850", 27: "437",
	28: "863", 29: "850", 31: "852", 34: "852", 35: "852", 36: "860", 37: "850", 38: "866", 55: "850", 64: "852", 77: "936",
	78: "949", 79: "950", 80: "874", 88: "1252", 89: "1252", 100: "852", 101: "866", 102: "865", 108: "863", 120: "950",
	121: "949", 122: "936", 123: "932", 124: "874", 135: "852", 200: "1250", 201: "1251", 202: "1254", 203: "1253", 204: "1257",
}

// setCharset chooses the character set of a table's texts by its .cpg file, or else by its language driver.
func (t *Table) setCharset(cpg string, driver byte) error {
	cpg = strings.Trim(cpg, "\ufeff\x00 \t\r\n")
	if cpg != "" {
		set, ok := charsetOf(cpg)
		if !ok {
			return fmt.Errorf("text in encoding %.40q is not supported", cpg)
		}
		t.charset = set
		return nil
	}
	// Many programs write UTF-8 and leave the driver as it is.
	t.either = true
	if page, ok := languageDrivers[driver]; ok {
		t.charset, _ = codePage(page)
		return nil
	}
	t.charset = charmap.ISO8859_1
	return nil
}

// text decodes a text and removes the blanks at its end.
func (t *Table) text(b []byte) (string, error) {
	b = bytes.TrimRight(b, " \x00")
	valid := utf8.Valid(b)
	if t.charset == nil || t.either && valid {
		if !valid {
			return "", fmt.Errorf("%q is not UTF-8", b)
		}
		return string(b), nil
	}
	out, err := t.charset.NewDecoder().Bytes(b)
	if err != nil {
		return "", err
	}
	return string(out), nil
}
