package live

import "encoding/binary"

// RFC 6455 close codes in use.
const (
	closeNormal     uint16 = 1000
	closeGoingAway  uint16 = 1001
	closePolicy     uint16 = 1008
	closeTryLater   uint16 = 1013
	closeNotAllowed uint16 = 4401 // ours: the session or token does not count any more
)

// textFrame wraps a payload as one unmasked text frame, ready for any number of sockets.
func textFrame(payload ...[]byte) []byte {
	n := 0
	for _, p := range payload {
		n += len(p)
	}
	frame := make([]byte, 0, n+10)
	frame = append(frame, 0x81) // FIN, text
	switch {
	case n < 126:
		frame = append(frame, byte(n))
	case n < 1<<16:
		frame = append(frame, 126)
		frame = binary.BigEndian.AppendUint16(frame, uint16(n))
	default:
		frame = append(frame, 127)
		frame = binary.BigEndian.AppendUint64(frame, uint64(n))
	}
	for _, p := range payload {
		frame = append(frame, p...)
	}
	return frame
}

func pingFrame() []byte { return []byte{0x89, 0} }

func pongFrame(payload []byte) []byte {
	return append([]byte{0x8a, byte(len(payload))}, payload...) // control frames carry at most 125 bytes
}
