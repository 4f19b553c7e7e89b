package app_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"madoguchi/outbox"
)

// verify compares what was acknowledged with what the desk and the providers have.
func (s *storm) verify() {
	s.t.Helper()
	ended := map[string]map[string]int{}
	missed := 0
	for _, th := range s.threads {
		x := s.stored(th)
		told := s.told(th)
		for _, q := range th.asked {
			switch n := x.questions[q]; {
			case n > 1:
				s.t.Errorf("%s is in the desk %d times", q, n)
			case n == 0 && told[q]:
				s.t.Errorf("%s was acknowledged to the provider and is not in the desk", q)
			case n == 0: // the provider gave up while the program was dead
				missed++
			}
		}
		if ended[th.account.Kind] == nil {
			ended[th.account.Kind] = map[string]int{}
		}
		s.verifyPhotos(th, x.photos)
		s.verifyReplies(th, x.answers, ended[th.account.Kind])
	}
	for _, a := range s.accounts {
		if all, exceeded := a.Requests(); exceeded > 0 {
			s.t.Errorf("%s: %d of %d requests were above a limit", a.Kind, exceeded, all)
		}
	}
	s.t.Logf("%d replies acknowledged, %d questions that a provider gave up telling; how replies ended: %v", s.acked.Load(), missed, ended)
}

// verifyPhotos: each that a provider told of is here once, with its bytes.
func (s *storm) verifyPhotos(th *thread, photos []part) {
	s.t.Helper()
	if n := len(photos); n > th.photos || n < th.photos && s.toldAll(th) {
		s.t.Errorf("%s: %d photos were sent, %d are in the desk", th.name, th.photos, n)
	}
	for _, p := range photos {
		if p.Attachment == nil || p.Media != "" {
			s.t.Errorf("%s: a photo is %q", th.name, p.Media)
		}
	}
}

// toldAll reports whether the desk has acknowledged every webhook of a thread's account.
func (s *storm) toldAll(th *thread) bool {
	acked := map[string]bool{}
	for _, h := range th.account.Hooks() {
		acked[h.Body] = acked[h.Body] || h.Status/100 == 2
	}
	for _, is := range acked {
		if !is {
			return false
		}
	}
	return true
}

// verifyReplies holds what the customer was given against what became of each reply in the desk.
func (s *storm) verifyReplies(th *thread, answers []stored, ended map[string]int) {
	s.t.Helper()
	var texts []string
	status := map[string]string{}
	fault := map[string]string{}
	for _, a := range answers {
		texts = append(texts, a.text())
		status[a.text()] = a.Status
		fault[a.text()] = a.Fault.Code
		ended[a.Status]++
	}
	if !slices.Equal(texts, th.said) {
		s.t.Errorf("%s: %v were acknowledged, the desk has %v", th.name, th.said, texts)
	}
	var got []string
	given := map[string]int{}
	for _, taken := range th.account.Taken() {
		if taken.To != th.customer {
			continue
		}
		text := stored{Parts: []part{{Text: taken.Text}}}.text()
		got = append(got, text)
		given[text]++
	}
	inOrder := slices.DeleteFunc(slices.Clone(th.said), func(text string) bool { return given[text] == 0 })
	if !slices.Equal(got, inOrder) {
		s.t.Errorf("%s: the customer was given %v, the desk wrote %v", th.name, got, inOrder)
	}
	for _, text := range slices.Sorted(maps.Keys(status)) {
		switch n := given[text]; status[text] {
		case "sent", "delivered", "read":
			if n != 1 {
				s.t.Errorf("%s is %s, the provider took it %d times", text, status[text], n)
			}
		case "unknown":
			if n > 1 {
				s.t.Errorf("%s is unknown, the provider took it %d times", text, n)
			}
		case "failed": // it waited until it was too old
			if n > 0 || fault[text] != outbox.CodeExpired {
				s.t.Errorf("%s failed for %q, the provider took it %d times", text, fault[text], n)
			}
		default:
			s.t.Errorf("%s is %q, the provider took it %d times", text, status[text], n)
		}
	}
}

// stored is a message as the desk has it.
type stored struct {
	Status string
	Fault  struct{ Kind, Code string }
	Parts  []part
}

type part struct {
	Kind, Text, Media string
	Attachment        *struct{ Size int64 }
}

func (m stored) text() string {
	if len(m.Parts) == 0 {
		return ""
	}
	return strings.SplitAfter(m.Parts[0].Text, ".")[0] // without the notice of SMS
}

// exchange is what the desk has of a conversation: the customer's texts and photos, and the member's replies, in its order.
type exchange struct {
	questions map[string]int
	photos    []part
	answers   []stored
}

func (s *storm) stored(th *thread) exchange {
	s.t.Helper()
	x := exchange{questions: map[string]int{}}
	for before := ""; ; {
		var page struct {
			Items []struct {
				stored
				Seq int64
			}
			More bool
		}
		s.ask("GET", th.path+"?limit=200"+before, nil, &page)
		var these []stored
		for _, m := range page.Items {
			switch text := m.text(); {
			case strings.HasSuffix(text, "-q."):
				x.questions[text]++
			case strings.HasSuffix(text, "-a."):
				these = append(these, m.stored)
			case len(m.Parts) > 0 && m.Parts[0].Kind == "image":
				x.photos = append(x.photos, m.Parts[0])
			}
		}
		x.answers = append(these, x.answers...)
		if !page.More || len(page.Items) == 0 {
			return x
		}
		before = fmt.Sprintf("&before=%d", page.Items[0].Seq)
	}
}

// told is which of a customer's texts the desk has acknowledged to the provider.
func (s *storm) told(th *thread) map[string]bool {
	acked := map[string]bool{}
	for _, h := range th.account.Hooks() {
		if h.Status/100 != 2 {
			continue
		}
		for _, q := range th.asked {
			if strings.Contains(h.Body, q) {
				acked[q] = true
			}
		}
	}
	return acked
}
