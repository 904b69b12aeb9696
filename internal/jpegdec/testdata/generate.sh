#!/bin/sh
# Makes *.jpg with libjpeg-turbo 2.1.5 (Debian's libjpeg-dev, and gcc), and prints what libjpeg decodes them to. Run it in this
# directory.
set -e
tmp=$(mktemp -d)

cat >$tmp/jpegs.c <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jpeglib.h>

/* A picture with slopes, an edge and some texture in up to four bands. */
static unsigned char sample(int b, int x, int y)
{
	int v = b == 0 ? 6 * x + y : b == 1 ? 255 - 7 * y - x : b == 2 ? x * y / 4 : 40 + 5 * (x + y) / 2;
	if (x > 14 && x < 22 && y > 10 && y < 17)
		v = 40 + 70 * b;
	v += (x * 37 + y * 91 + b * 53) % 11;
	return v < 0 ? 0 : v > 255 ? 255 : v;
}

/* GDAL's checksum of a band of interleaved samples. */
static int checksum(unsigned char *p, int n, int b, int bands)
{
	static const int primes[] = {7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43};
	int sum = 0, i;
	for (i = 0; i < n; i++)
		sum = (sum + p[i * bands + b] % primes[i % 11]) & 0xffff;
	return sum;
}

static void decode(const char *path, int ycc)
{
	struct jpeg_decompress_struct c;
	struct jpeg_error_mgr e;
	FILE *f = fopen(path, "rb");
	unsigned char *p, *row;
	int b;
	c.err = jpeg_std_error(&e);
	jpeg_create_decompress(&c);
	jpeg_stdio_src(&c, f);
	jpeg_read_header(&c, TRUE);
	c.jpeg_color_space = ycc ? JCS_YCbCr : JCS_UNKNOWN;
	c.out_color_space = ycc ? JCS_RGB : JCS_UNKNOWN;
	jpeg_start_decompress(&c);
	p = malloc(c.output_width * c.output_height * c.num_components);
	while (c.output_scanline < c.output_height) {
		row = p + c.output_scanline * c.output_width * c.num_components;
		jpeg_read_scanlines(&c, &row, 1);
	}
	printf("%s{", ycc ? ", []int" : ", []int");
	for (b = 0; b < c.num_components; b++)
		printf("%s%d", b ? ", " : "", checksum(p, c.output_width * c.output_height, b, c.num_components));
	printf("}");
	jpeg_finish_decompress(&c);
	fclose(f);
}

/* sampling is H and V of each component; options: p progressive, r restart markers, s a scan for each component, q coarse
   quantisation, with tables of 16 bits. */
static void encode(const char *name, int w, int h, int bands, const char *sampling, const char *options)
{
	struct jpeg_compress_struct c;
	struct jpeg_error_mgr e;
	jpeg_scan_info scans[4];
	char path[100];
	unsigned char *row = malloc(w * bands);
	FILE *f;
	int i, x, ycc = strchr(options, 'y') != 0;
	snprintf(path, sizeof path, "%s.jpg", name);
	f = fopen(path, "wb");
	c.err = jpeg_std_error(&e);
	jpeg_create_compress(&c);
	jpeg_stdio_dest(&c, f);
	c.image_width = w, c.image_height = h, c.input_components = bands;
	c.in_color_space = ycc ? JCS_RGB : JCS_UNKNOWN;
	jpeg_set_defaults(&c);
	jpeg_set_colorspace(&c, ycc ? JCS_YCbCr : JCS_UNKNOWN);
	jpeg_set_quality(&c, strchr(options, 'q') ? 2 : 85, FALSE);
	c.write_JFIF_header = c.write_Adobe_marker = FALSE;
	c.optimize_coding = TRUE;
	for (i = 0; i < bands; i++) {
		c.comp_info[i].h_samp_factor = sampling[2 * i] - '0';
		c.comp_info[i].v_samp_factor = sampling[2 * i + 1] - '0';
		scans[i].comps_in_scan = 1, scans[i].component_index[0] = i;
		scans[i].Ss = 0, scans[i].Se = 63, scans[i].Ah = scans[i].Al = 0;
	}
	if (strchr(options, 's'))
		c.scan_info = scans, c.num_scans = bands;
	if (strchr(options, 'p'))
		jpeg_simple_progression(&c);
	if (strchr(options, 'r'))
		c.restart_interval = 2;
	jpeg_start_compress(&c, TRUE);
	while (c.next_scanline < h) {
		for (x = 0; x < w; x++)
			for (i = 0; i < bands; i++)
				row[x * bands + i] = sample(i, x, c.next_scanline);
		jpeg_write_scanlines(&c, &row, 1);
	}
	jpeg_finish_compress(&c);
	fclose(f);
	printf("{\"%s\", image.Pt(%d, %d)", name, w, h);
	decode(path, 0);
	if (bands == 3)
		decode(path, 1);
	else
		printf(", nil");
	printf("},\n");
}

int main(void)
{
	encode("gray", 37, 29, 1, "11", "");
	encode("gray_2x2", 37, 29, 1, "22", "r");
	encode("gray_progressive", 37, 29, 1, "11", "pr");
	encode("gray_16_bit_tables", 37, 29, 1, "11", "q");
	encode("gray_alpha", 37, 29, 2, "1111", "");
	encode("rgb", 37, 29, 3, "111111", "");
	encode("rgb_progressive", 37, 29, 3, "111111", "p");
	encode("ycbcr_444", 37, 29, 3, "111111", "y");
	encode("ycbcr_422", 37, 29, 3, "211111", "yr");
	encode("ycbcr_420", 37, 29, 3, "221111", "y");
	encode("ycbcr_420_even", 32, 48, 3, "221111", "y");
	encode("ycbcr_420_narrow", 4, 9, 3, "221111", "y");
	encode("ycbcr_420_progressive", 37, 29, 3, "221111", "yp");
	encode("ycbcr_420_restarts", 37, 29, 3, "221111", "yr");
	encode("ycbcr_420_scans", 37, 29, 3, "221111", "ysr");
	encode("ycbcr_440", 37, 29, 3, "121111", "y");
	encode("ycbcr_441", 37, 29, 3, "141111", "y");
	encode("ycbcr_411", 37, 29, 3, "411111", "y");
	encode("ycbcr_410", 37, 29, 3, "421111", "y");
	encode("ycbcr_luma_less", 37, 29, 3, "112112", "y");
	encode("cmyk", 37, 29, 4, "11111111", "");
	encode("rgba_420", 37, 29, 4, "22111122", "pr");
	return 0;
}
END
gcc -o $tmp/jpegs $tmp/jpegs.c -ljpeg
$tmp/jpegs
rm -r $tmp
