package channel_test

import (
	"encoding/json"
	"testing"
	"time"

	"madoguchi/channel"
)

func TestSwitchesWidenTheWindow(t *testing.T) {
	t.Parallel()
	w := &channel.Window{For: time.Hour, HumanFor: 9 * time.Hour, HumanTag: "human", HumanSetting: "approved"}
	for settings, want := range map[string]time.Duration{
		`{"approved":true}`: 9 * time.Hour, `{"approved":false}`: 0, `{"approved":"true"}`: 0, `{}`: 0, ``: 0, `[]`: 0,
	} {
		if got := w.Of(json.RawMessage(settings)); got.HumanFor != want || got.For != time.Hour || (got.HumanTag == "") != (want == 0) {
			t.Errorf("%s: %+v", settings, got)
		}
	}
	free := &channel.Window{For: time.Hour, HumanFor: 9 * time.Hour, HumanTag: "human", FreeSetting: "extends"}
	if on, off := free.Of(json.RawMessage(`{"extends":true}`)), free.Of(nil); !on.FreeOpens || off.FreeOpens || on.HumanFor != 9*time.Hour {
		t.Errorf("with the switch of free time on %+v, off %+v", on, off)
	}
	always := &channel.Window{For: time.Hour, HumanFor: 9 * time.Hour, HumanTag: "human"}
	if always.Of(nil) != always || (*channel.Window)(nil).Of(nil) != nil {
		t.Error("a window without a switch is as it is")
	}
}
