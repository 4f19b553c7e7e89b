package app_test

import (
	"maps"
	"slices"
)

// verify compares what was acknowledged with what the desk and the providers have.
func (s *storm) verify() {
	s.t.Helper()
	ended := map[string]map[string]int{}
	missed := 0
	for _, th := range s.threads {
		questions, answers := s.stored(th)
		told := s.told(th)
		for _, q := range th.asked {
			switch n := questions[q]; {
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
		s.verifyReplies(th, answers, ended[th.account.Kind])
	}
	for _, a := range s.accounts {
		if all, exceeded := a.Requests(); exceeded > 0 {
			s.t.Errorf("%s: %d of %d requests were above a limit", a.Kind, exceeded, all)
		}
	}
	s.t.Logf("%d replies acknowledged, %d questions that a provider gave up telling; how replies ended: %v", s.acked.Load(), missed, ended)
}

// verifyReplies holds what the customer was given against what became of each reply in the desk.
func (s *storm) verifyReplies(th *thread, answers []stored, ended map[string]int) {
	s.t.Helper()
	var texts []string
	status := map[string]string{}
	for _, a := range answers {
		texts = append(texts, a.text())
		status[a.text()] = a.Status
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
		text := stored{Parts: []struct{ Text string }{{taken.Text}}}.text()
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
		default:
			s.t.Errorf("%s is %q, the provider took it %d times", text, status[text], n)
		}
	}
}
