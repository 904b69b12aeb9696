package exportimage

import (
	"image"
	"math"

	"github.com/geoexport/geoexport/raster"
)

// Poison fills the memory that the service's exports use again with values that no image has, or that many have.
func (s *Service) Poison(round int) {
	mark := []byte{0xa5, 0, 0xff}[round%3]
	var lent []*raster.Buffer
	for i := range 12 {
		buf := s.lend()
		b := buf.Block([]raster.PixelType{raster.U8, raster.F32, raster.U8}[i%3], 3, image.Rect(0, 0, 300, 300))
		for j := range b.Valid.Pix {
			b.Valid.Pix[j] = mark
		}
		for _, p := range b.Bands {
			switch p := p.(type) {
			case *raster.PlaneOf[uint8]:
				for j := range p.Pix {
					p.Pix[j] = mark
				}
			case *raster.PlaneOf[float32]:
				for j := range p.Pix {
					p.Pix[j] = math.Float32frombits(0x01010101 * uint32(mark))
				}
			}
		}
		lent = append(lent, buf)
		text := &pieces{}
		for range 100 {
			_, _ = text.Write([]byte{mark, mark, mark})
		}
		text.empty()
		s.pieces.Put(text)
		s.answers.Put(&[]byte{mark, mark, mark})
	}
	s.takeBack(lent)
}
