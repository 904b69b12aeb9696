// Package jpegdec decodes JPEG streams as they stand in other files, such as the tiles of a TIFF file: Decoder.Decode
// fills a plane of samples for each component, from a stream that may leave its tables to another one.
//
// JPEG is ITU-T T.81. Its sequential and progressive Huffman-coded modes with samples of 8 bits are read, with one to
// four components of any sampling. Other processes are an *UnsupportedError.
//
// T.81 leaves open how exact the inverse DCT is, and does not say how subsampled components are restored. Both are done
// here in the integer arithmetic of libjpeg (its "slow" inverse DCT and "fancy" upsampling), because nearly all files
// were looked at through it: samples are equal to those of libjpeg-turbo 2.1.5, bit for bit. The standard library's
// decoder refuses two components, and four without Adobe's marker, which both occur in TIFF; it is what the tests
// compare with.
//
// Streams may be hostile. Memory is allocated by the size of the frame only after that was compared with Options, the
// number of scans is limited, and a stream that ends early is an error.
package jpegdec
