package desk_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"madoguchi/desk"
)

// shopFacts is a returning customer's first message of a new case, on a Wednesday at 19:30 in Tokyo, after hours.
func shopFacts(t *testing.T) desk.Facts {
	t.Helper()
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	week := [7][]desk.Interval{}
	for day := time.Monday; day <= time.Friday; day++ {
		week[day] = []desk.Interval{{Start: 9 * 60, End: 18 * 60}}
	}
	now := time.Date(2026, 11, 18, 19, 30, 0, 0, tokyo)
	return desk.Facts{
		Now: now.UTC(), Zone: tokyo,
		Channel:     desk.Channel{ID: 7, Kind: "webchat", ScheduleID: 3},
		Contact:     desk.Contact{Name: "佐藤 花子", Email: "hanako@example.co.jp", Locale: "ja-JP", Fields: map[string]string{"plan": "gold", "orders": "12", "since": "2024-04-01", "likes": "tea,coffee"}},
		Page:        desk.Page{URL: "https://shop.example/cart?step=2", Title: "カート"},
		Referral:    desk.Referral{Source: "ad", Title: "冬のセール"},
		Message:     "ﾍﾝﾋﾟﾝ したいです。Order A-100",
		Ticket:      desk.Ticket{Status: desk.StatusQueued, Priority: desk.PriorityNormal, TeamID: 5, TagIDs: []desk.ID{11, 12}, WaitSince: now.Add(-31 * time.Minute)},
		EarlierTags: []desk.ID{21},
		LastAuthor:  desk.AuthorCustomer,
		Schedules:   map[desk.ID]desk.Schedule{3: {ID: 3, Zone: "Asia/Tokyo", Week: week}, 4: {ID: 4, Zone: "America/New_York", Week: week}},
	}
}

func TestConditionHolds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fact   desk.Fact
		key    string
		op     desk.Operator
		values string // joined by |
		holds  bool
	}{
		{desk.FactChannel, "", desk.OpIs, "6|7", true},
		{desk.FactChannel, "", desk.OpIsNot, "6|7", false},
		{desk.FactChannelKind, "", desk.OpIs, "line", false},
		{desk.FactMessage, "", desk.OpContains, "返金|へんぴん", true}, // half-width katakana
		{desk.FactMessage, "", desk.OpContains, "order　a-100", true},
		{desk.FactMessage, "", desk.OpContainsNot, "ヘンピン", false},
		{desk.FactMessage, "", desk.OpIs, "ヘンピン", false},
		{desk.FactMessage, "", desk.OpStartsWith, "ヘンピン", true},
		{desk.FactEntryPage, "", desk.OpContains, "/cart", true},
		{desk.FactEntryPage, "", desk.OpIs, "カート", true},
		{desk.FactReferral, "", desk.OpSet, "", true},
		{desk.FactReferral, "", desk.OpContains, "セール", true},
		{desk.FactLanguage, "", desk.OpIs, "ja", true},
		{desk.FactLanguage, "", desk.OpIs, "ja-JP", true},
		{desk.FactLanguage, "", desk.OpIs, "en|j", false},
		{desk.FactHours, "", desk.OpIs, "channel", false},
		{desk.FactHours, "", desk.OpIsNot, "channel", true},
		{desk.FactHours, "", desk.OpIs, "4", false}, // 05:30 in New York
		{desk.FactHours, "", desk.OpIs, "99", false},
		{desk.FactHours, "", desk.OpIs, "always", true},
		{desk.FactContactIs, "", desk.OpIs, "returning", true},
		{desk.FactContactEmail, "", desk.OpContains, "@EXAMPLE.co.jp", true},
		{desk.FactContactPhone, "", desk.OpUnset, "", true},
		{desk.FactContactField, "plan", desk.OpIs, "silver|gold", true},
		{desk.FactContactField, "plans", desk.OpIs, "gold", false},
		{desk.FactContactField, "orders", desk.OpMore, "9", true}, // as numbers, not as texts
		{desk.FactContactField, "orders", desk.OpLess, "12", false},
		{desk.FactContactField, "since", desk.OpLess, "2025-01-01", true},
		{desk.FactContactField, "likes", desk.OpHasAny, "juice|tea", true},
		{desk.FactContactField, "likes", desk.OpHasAll, "tea|coffee", true},
		{desk.FactContactField, "likes", desk.OpHasNone, "tea", false},
		{desk.FactEarlierTag, "", desk.OpHasAny, "21", true},
		{desk.FactTag, "", desk.OpHasAll, "11|13", false},
		{desk.FactStatus, "", desk.OpIs, "queued|open", true},
		{desk.FactTeam, "", desk.OpIs, "5", true},
		{desk.FactAssignee, "", desk.OpUnset, "", true},
		{desk.FactLastAuthor, "", desk.OpIs, "human", false},
		{desk.FactWaiting, "", desk.OpMore, "30", true},
		{desk.FactWaiting, "", desk.OpMore, "31", false},
		{desk.FactDay, "", desk.OpIs, "wed", true},
		{desk.FactTime, "", desk.OpBetween, "18:00|22:00", true},
		{desk.FactTime, "", desk.OpBetween, "22:00|19:30", false},
		{desk.FactTime, "", desk.OpBetween, "19:30|09:00", true}, // over midnight
		{"moon", "", desk.OpIs, "full", false},
	} {
		one := desk.Condition{Fact: c.fact, Key: c.key, Op: c.op}
		if c.values != "" {
			one.Values = strings.Split(c.values, "|")
		}
		all := desk.Conditions{Groups: []desk.ConditionGroup{{Conditions: []desk.Condition{one}}}}
		if held, _ := all.Match(shopFacts(t)); held != c.holds {
			t.Errorf("%s %s %s %q: %v, want %v", c.fact, c.key, c.op, c.values, held, c.holds)
		}
	}
}

func TestConditionGroups(t *testing.T) {
	t.Parallel()
	yes := desk.Condition{Fact: desk.FactMessage, Op: desk.OpContains, Values: []string{"返金", "返品", "ヘンピン"}}
	also := desk.Condition{Fact: desk.FactChannel, Op: desk.OpIs, Values: []string{"7"}}
	no := desk.Condition{Fact: desk.FactChannelKind, Op: desk.OpIs, Values: []string{"line"}}
	group := func(j desk.Join, of ...desk.Condition) desk.ConditionGroup {
		return desk.ConditionGroup{Join: j, Conditions: of}
	}
	for name, c := range map[string]struct {
		conditions desk.Conditions
		holds      bool
		findings   int
	}{
		"none is always so":         {desk.Conditions{}, true, 0},
		"all of a group":            {desk.Conditions{Groups: []desk.ConditionGroup{group(desk.JoinAll, yes, also)}}, true, 2},
		"all but one":               {desk.Conditions{Groups: []desk.ConditionGroup{group(desk.JoinAll, yes, no)}}, false, 0},
		"any of a group":            {desk.Conditions{Groups: []desk.ConditionGroup{group(desk.JoinAny, no, yes, also)}}, true, 2},
		"none of any":               {desk.Conditions{Groups: []desk.ConditionGroup{group(desk.JoinAny, no, no)}}, false, 0},
		"one and one of two others": {desk.Conditions{Join: desk.JoinAll, Groups: []desk.ConditionGroup{group("", yes), group(desk.JoinAny, no, also)}}, true, 2},
		"either of two groups":      {desk.Conditions{Join: desk.JoinAny, Groups: []desk.ConditionGroup{group(desk.JoinAll, yes, no), group("", also)}}, true, 1},
	} {
		held, found := c.conditions.Match(shopFacts(t))
		if held != c.holds || len(found) != c.findings {
			t.Errorf("%s: %v with %d findings, want %v with %d", name, held, len(found), c.holds, c.findings)
		}
	}
	_, found := desk.Conditions{Groups: []desk.ConditionGroup{group("", yes)}}.Match(shopFacts(t))
	if len(found) != 1 || found[0].Value != "ヘンピン" {
		t.Errorf("what matched is the keyword that decided, not %+v", found)
	}
}

func TestConditionsCheck(t *testing.T) {
	t.Parallel()
	fields := []desk.Field{
		{Subject: desk.FieldOfContact, Key: "plan", Kind: desk.FieldChoice, Options: []desk.FieldOption{{ID: "gold"}}},
		{Subject: desk.FieldOfContact, Key: "orders", Kind: desk.FieldNumber},
		{Subject: desk.FieldOfContact, Key: "gone", Kind: desk.FieldText, RetiredAt: time.Unix(1, 0)},
	}
	for code, one := range map[string]desk.Condition{
		"":                            {Fact: desk.FactContactField, Key: "orders", Op: desk.OpMore, Values: []string{"3"}},
		"condition_fact_unknown":      {Fact: desk.FactStatus, Op: desk.OpIs, Values: []string{"open"}}, // not when a ticket begins
		"condition_field_unknown":     {Fact: desk.FactContactField, Key: "gone", Op: desk.OpSet},
		"condition_operator_invalid":  {Fact: desk.FactChannel, Op: desk.OpContains, Values: []string{"7"}},
		"condition_value_missing":     {Fact: desk.FactMessage, Op: desk.OpContains},
		"condition_value_invalid":     {Fact: desk.FactTime, Op: desk.OpBetween, Values: []string{"09:00", "25:00"}},
		"condition_value_invalid ":    {Fact: desk.FactContactField, Key: "plan", Op: desk.OpIs, Values: []string{"silver"}},
		"condition_value_invalid  ":   {Fact: desk.FactChannel, Op: desk.OpIs, Values: []string{"seven"}},
		"condition_value_invalid   ":  {Fact: desk.FactDay, Op: desk.OpIs, Values: []string{"someday"}},
		"condition_value_invalid    ": {Fact: desk.FactMessage, Op: desk.OpContains, Values: []string{strings.Repeat("あ", 201)}},
	} {
		c := desk.Conditions{Groups: []desk.ConditionGroup{{Conditions: []desk.Condition{one}}}}
		if got := desk.CodeOf(c.Check(desk.RoutingFacts(), fields)); got != strings.TrimSpace(code) {
			t.Errorf("%+v: %q, want %q", one, got, code)
		}
	}
	two := []desk.Condition{{Fact: desk.FactReferral, Op: desk.OpSet}, {Fact: desk.FactReferral, Op: desk.OpUnset}}
	unjoined := desk.Conditions{Groups: []desk.ConditionGroup{{Conditions: two}}}
	if got := desk.CodeOf(unjoined.Check(desk.RoutingFacts(), nil)); got != "condition_join_invalid" {
		t.Errorf("two conditions without a join: %q", got)
	}
}

// TestConditionsOfAnyShape: whatever stands in the database, asking does not panic, and what was kept reads back as it was.
func TestConditionsOfAnyShape(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 2))
	facts := shopFacts(t)
	values := []string{"", "7", "-1", "１２", "a,b", "\xff", "09:00", "2026-13-41", "channel", "ja", "999999999999999999999999"}
	all := append(desk.AllFacts(), "moon")
	operators := []desk.Operator{"", desk.OpIs, desk.OpIsNot, desk.OpHasAny, desk.OpHasAll, desk.OpHasNone, desk.OpContains, desk.OpContainsNot, desk.OpStartsWith, desk.OpMore, desk.OpLess, desk.OpBetween, desk.OpSet, desk.OpUnset}
	pick := func(n int) int { return r.IntN(n) }
	for range 3_000 {
		c := desk.Conditions{Join: []desk.Join{"", desk.JoinAll, desk.JoinAny, "xor"}[pick(4)]}
		for range pick(3) {
			g := desk.ConditionGroup{Join: []desk.Join{"", desk.JoinAll, desk.JoinAny}[pick(3)]}
			for range pick(4) {
				one := desk.Condition{Fact: all[pick(len(all))], Key: values[pick(len(values))], Op: operators[pick(len(operators))]}
				for range pick(3) {
					one.Values = append(one.Values, values[pick(len(values))])
				}
				g.Conditions = append(g.Conditions, one)
			}
			c.Groups = append(c.Groups, g)
		}
		held, found := c.Match(facts)
		if !held && len(found) > 0 {
			t.Fatalf("%+v does not hold, but findings are %+v", c, found)
		}
		if c.Check(all, nil) != nil {
			continue
		}
		kept, err := json.Marshal(c)
		var read desk.Conditions
		if err != nil || json.Unmarshal(kept, &read) != nil {
			t.Fatalf("%+v is not kept: %v", c, err)
		}
		if again, _ := read.Match(facts); again != held || !slices.Equal(read.Values(desk.FactChannel), c.Values(desk.FactChannel)) {
			t.Fatalf("%s holds differently after it was kept", kept)
		}
	}
}
