package live

import (
	"fmt"
	"sync"

	"madoguchi/desk"
)

// crowd counts visitors' sockets by where they come from, so that nobody takes all of a node's memory and files from one
// address. It is safe for concurrent use.
type crowd struct {
	most int // from one address, 0 = any number

	mu      sync.Mutex
	from    map[string]int
	refused int
}

func newCrowd(most int) *crowd { return &crowd{most: most, from: map[string]int{}} }

// join lets one more in; desk.KindLimited "sockets_too_many" (parameter count) where there are enough from its address.
func (c *crowd) join(address string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.most > 0 && c.from[address] >= c.most {
		c.refused++
		return &desk.Error{
			Kind: desk.KindLimited, Code: "sockets_too_many", Params: map[string]string{"count": fmt.Sprint(c.most)},
			Message: fmt.Sprintf("%d visitors' sockets are open from %s", c.most, address),
		}
	}
	c.from[address]++
	return nil
}

func (c *crowd) leave(address string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.from[address]--; c.from[address] <= 0 {
		delete(c.from, address)
	}
}

// Refused counts the visitors' sockets that this node did not open because there were enough from their address.
func (h *Hub) Refused() int {
	h.crowd.mu.Lock()
	defer h.crowd.mu.Unlock()
	return h.crowd.refused
}
