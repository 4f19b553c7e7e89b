package desk

import "slices"

// Referred is a kind of record that settings name by its id.
type Referred string

// The kinds.
const (
	ReferredTeam     Referred = "team"
	ReferredTag      Referred = "tag"
	ReferredPolicy   Referred = "sla_policy"
	ReferredTemplate Referred = "template"
)

// Reference is one such record: what names it has to let go of it before it is deleted (0.10).
type Reference struct {
	Kind Referred
	ID   ID
}

// Names reports whether a condition compares something with the record.
func (c Conditions) Names(ref Reference) bool {
	facts := map[Referred][]Fact{ReferredTeam: {FactTeam}, ReferredTag: {FactTag, FactEarlierTag}}[ref.Kind]
	return slices.ContainsFunc(facts, func(f Fact) bool { return slices.Contains(c.Values(f), ref.ID.String()) })
}

// Names reports whether the action needs the record.
func (a Action) Names(ref Reference) bool {
	return ref == Reference{ReferredTeam, a.TeamID} || ref == Reference{ReferredTag, a.TagID} ||
		ref == Reference{ReferredPolicy, a.PolicyID} || ref == Reference{ReferredTemplate, a.TemplateID}
}

// Names reports whether the list is narrowed by the record.
func (f ListFilter) Names(ref Reference) bool {
	switch ref.Kind {
	case ReferredTeam:
		return f.TeamID == ref.ID || slices.Contains(f.Teams, ref.ID)
	case ReferredTag:
		return slices.Contains(f.Tags, ref.ID)
	}
	return false
}

// Names reports whether the channel says something by itself with the record.
func (a Automation) Names(ref Reference) bool {
	if ref.Kind != ReferredTemplate {
		return false
	}
	for _, chosen := range []ChosenTemplates{a.SurveyDesign.Templates, a.AutoClose.NoticeTemplates} {
		for _, t := range chosen {
			if t.ID == ref.ID {
				return true
			}
		}
	}
	return false
}
