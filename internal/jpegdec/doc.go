// Package jpegdec decodes JPEG streams inside other files, such as the tiles of a TIFF file. Decoder.Decode fills a
// plane of samples for each component, from a stream whose tables may be in another stream.
//
// JPEG is ITU-T T.81. The package reads its sequential and progressive Huffman-coded modes with samples of 8 bits, with
// one to four components of any sampling. Other processes are an *UnsupportedError.
//
// T.81 leaves open how exact the inverse DCT is, and how subsampled components are restored. Both are done here in the
// integer arithmetic of libjpeg (its "slow" inverse DCT and "fancy" upsampling), because nearly all readers use it:
// samples are equal to those of libjpeg-turbo 2.1.5, bit for bit. The standard library's decoder refuses two
// components, and four without Adobe's marker, which both occur in TIFF; the tests compare with it.
//
// Streams may be hostile. The size of the frame is compared with Options before memory is allocated by it, the number
// of scans is limited, and a stream that ends early is an error.
package jpegdec
