package desk

import "time"

// Template is a message that a provider approved for writing outside the window (C3).
type Template struct {
	ID         ID
	ChannelID  ID
	ExternalID string // the provider's id
	Name       string
	Language   string // as the provider writes it: "ja", "en_US"
	Category   string // marketing, utility, authentication
	Status     TemplateStatus
	Reason     string // why it was rejected, the provider's word
	Quality    string // GREEN, YELLOW, RED, "" unknown
	Header     *TemplateHeader
	Body       string // with {{1}} or {{name}}
	Footer     string
	Buttons    []TemplateButton
	Samples    map[string]string // by variable
	UpdatedAt  time.Time
	CreatedBy  ID // 0 = made elsewhere
}

// TemplateStatus is the provider's word for how a template stands (C3.2), in lower case.
type TemplateStatus string

// Sendable reports whether a template of this status goes out (C3.3).
func (s TemplateStatus) Sendable() bool {
	switch s {
	case "approved", "flagged", "reinstated", "unarchived":
		return true
	}
	return false
}

// TemplateHeader is what stands above a template's body.
type TemplateHeader struct {
	Kind string `json:"kind"` // text, image, video, document, location
	Text string `json:"text,omitempty"`
}

// TemplateButton is one button of a template.
type TemplateButton struct {
	Kind  string `json:"kind"` // quick_reply, url, phone, copy_code
	Label string `json:"label"`
	Value string `json:"value,omitempty"` // the address, with {{1}} at its end; the number; the code
}

// TemplateUse is a template being sent: which, and with what.
type TemplateUse struct {
	TemplateID ID                `json:"template_id,omitempty"`
	Name       string            `json:"name"`
	Language   string            `json:"language"`
	Category   string            `json:"category,omitempty"`
	Variables  map[string]string `json:"variables,omitempty"` // of header ("header.1"), body ("1" or "name") and buttons ("button.0")
	HeaderFile ID                `json:"header_file,omitempty"`
	HeaderKind string            `json:"header_kind,omitempty"`
	// ButtonKinds are those of the template's buttons, in order: what a button's variable stands for; "" or fewer = url.
	ButtonKinds []string `json:"button_kinds,omitempty"`
}
