package store

import (
	"strconv"
	"time"

	"madoguchi/desk"
)

// PushReader reads how members are told on their devices (G6).
type PushReader interface {
	Telling(user desk.ID) (desk.Telling, error) // the zero one where none was chosen
	// Devices are those of a member (0 = of everybody) whose session is alive and in this workspace, the newest first.
	Devices(user desk.ID) ([]desk.PushDevice, error)
	Device(id desk.ID) (desk.PushDevice, error) // also of a session that is over
	// Due are pushes whose time has come, across workspaces; NextDue is when the next one's will, zero if none waits.
	Due(limit int) ([]desk.Push, error)
	NextDue() (time.Time, error)
}

// PushWriter changes how members are told on their devices.
type PushWriter interface {
	PutTelling(user desk.ID, t desk.Telling) error
	PutDevice(desk.PushDevice) error // in place of what the endpoint was before, whosesoever
	SealDevice(id desk.ID, sealed []byte) error
	DeleteDevice(id desk.ID) error
	// Add lets a push wait; one of the same device and tag that waits already says the newer thing at its own time.
	Add(desk.Push) error
	// Take takes a push away to send it; false when another node did.
	Take(desk.Push) (bool, error)
	// Return lets a push wait again that could not be sent, unless a newer one has its place.
	Return(desk.Push) error
}

// PushPlace names what the key pair of FactPush is sealed for.
const PushPlace = "push"

// DevicePlace names what a device is sealed for.
func DevicePlace(workspace, device desk.ID) string {
	return "push/" + strconv.FormatInt(int64(workspace), 10) + "/" + strconv.FormatInt(int64(device), 10)
}
