package widget_test

import (
	"bytes"
	"fmt"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
)

// BenchmarkWrite is the whole way of a customer's message through the API, 64 visitors at once.
func BenchmarkWrite(b *testing.B) {
	c := open(b, open2)
	browsers := make([]*browser, 64)
	for i := range browsers {
		browsers[i] = c.browser(b)
		browsers[i].boot()
	}
	var next, id atomic.Int64
	b.SetParallelism(32)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		me := browsers[next.Add(1)%64]
		for pb.Next() {
			n := id.Add(1)
			c.skew.Store(n * int64(2*time.Second)) // the rate limits forget
			body := fmt.Sprintf(`{"client_id":"c%d","parts":[{"kind":"text","text":"配送状況を教えてください %d"}]}`, n, n)
			r := httptest.NewRequestWithContext(b.Context(), "POST", "/widget/v1/messages", bytes.NewReader([]byte(body)))
			r.Header.Set("Authorization", "Bearer "+me.token)
			w := httptest.NewRecorder()
			c.ServeHTTP(w, r)
			if w.Code != 201 {
				b.Errorf("%d %s", w.Code, w.Body)
				return
			}
		}
	})
}
