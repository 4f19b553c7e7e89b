package wechat

import (
	"strconv"
	"time"

	"madoguchi/channel"
)

// fault is what an errcode asks for.
// https://developers.weixin.qq.com/doc/offiaccount/en/Getting_Started/Global_Return_Code.html
func fault(code int, err error, now time.Time) *channel.Fault {
	// -1 says busy and may have done it; everything else was not done.
	f := &channel.Fault{Kind: action(code), Code: strconv.Itoa(code), Certain: code != -1, Err: err}
	switch f.Kind {
	case channel.ActThrottle:
		f.After = time.Minute // the quota is counted by the minute
	case channel.ActCap:
		if f.Suspended = code != 45009; !f.Suspended {
			f.After = untilBeijingMidnight(now)
		}
	}
	return f
}

func action(code int) channel.Action {
	switch code {
	case -1, 40007: // the file was uploaded just before: tried again with a new upload
		return channel.ActRetry
	case 40001, 40002, 40013, 40014, 40125, 40243, 41001, 42001, // the access token or what it is got with
		50005, 61023: // the account withdrew its authorisation
		return channel.ActToken
	case 40164, 89503, 89506, // our address is not on the account's list
		48001, 76022: // an account that is not verified may not
		return channel.ActConfig
	case 43004, 43019, 48002:
		return channel.ActBlocked
	case 45015, 45047:
		return channel.ActWindow
	case 45011:
		return channel.ActThrottle
	case 45009, 48004, 50002, 50004, 50007:
		return channel.ActCap
	}
	if code >= 65400 && code < 65500 || code >= 61450 && code < 61500 { // customer service accounts
		return channel.ActConfig
	}
	return channel.ActFail
}

// untilBeijingMidnight is when the daily quotas begin anew. China has one time zone and no summer time.
func untilBeijingMidnight(now time.Time) time.Duration {
	local := now.In(time.FixedZone("", 8*60*60))
	return time.Date(local.Year(), local.Month(), local.Day()+1, 0, 0, 0, 0, local.Location()).Sub(local)
}
