package inflate

// Adler32 is adler32, for tests.
var Adler32 = adler32
