package wechat

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1" //nolint:gosec // the provider's choice
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
)

// fits reports whether a signature is the provider's: SHA-1 over the Token and what is signed, sorted as bytes.
func fits(signature, token string, signed ...string) bool {
	if token == "" {
		return false
	}
	parts := append(signed, token)
	slices.Sort(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, ""))) //nolint:gosec // the provider's choice
	return subtle.ConstantTimeCompare([]byte(hex.EncodeToString(sum[:])), []byte(signature)) == 1
}

var errSealed = errors.New("the message was not encrypted under this key")

const (
	padBlock = 32 // of the padding, though AES's own is 16
	noise    = 16 // random bytes before the message's length
)

// unseal opens an encrypted message: AES-256-CBC over noise, length, XML and AppID. Its msg_signature was verified before,
// so that nobody learns anything from how it fails.
func unseal(key, account, encrypted string) ([]byte, error) {
	block, iv, err := cipherOf(key)
	if err != nil {
		return nil, err
	}
	sealed, err := base64.StdEncoding.DecodeString(encrypted)
	if err != nil || len(sealed) == 0 || len(sealed)%aes.BlockSize != 0 {
		return nil, errSealed
	}
	plain := make([]byte, len(sealed))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, sealed)
	pad := int(plain[len(plain)-1])
	if pad < 1 || pad > padBlock || len(plain) < pad+noise+4 {
		return nil, errSealed
	}
	length := uint64(binary.BigEndian.Uint32(plain[noise:]))
	rest := plain[noise+4 : len(plain)-pad]
	if length > uint64(len(rest)) || !bytes.Equal(rest[length:], []byte(account)) {
		return nil, errSealed
	}
	return rest[:length], nil
}

// cipherOf reads an EncodingAESKey: base64 of 32 bytes without its last sign, whose spare bits may be anything.
func cipherOf(key string) (cipher.Block, []byte, error) {
	raw, err := base64.StdEncoding.DecodeString(key + "=")
	if err != nil {
		return nil, nil, errSealed
	}
	block, err := aes.NewCipher(raw)
	if err != nil || len(raw) != 32 {
		return nil, nil, errSealed
	}
	return block, raw[:aes.BlockSize], nil
}
