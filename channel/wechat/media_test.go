package wechat_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
)

func TestFetch(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery != "" {
			t.Errorf("the token went along: %s", r.URL)
		}
		w.Header().Set("Content-Type", "video/mp4")
		_, _ = io.WriteString(w, "elsewhere")
	}))
	t.Cleanup(elsewhere.Close)
	binary := channeltest.Answer{Status: 200, Header: http.Header{"Content-Type": {"image/jpeg"}, "Content-Disposition": {`attachment; filename="M1.jpg"`}}, Body: "bytes"}
	words := func(body string) channeltest.Answer {
		return channeltest.Answer{Status: 200, Header: http.Header{"Content-Type": {"application/json; encoding=utf-8"}}, Body: body}
	}
	picture := url.Values{"id": {"M1"}, "url": {elsewhere.URL}}.Encode()
	for name, try := range map[string]struct {
		ref     string
		answers []channeltest.Answer
		body    string
		code    string
	}{
		"binary":                      {"id=M1", []channeltest.Answer{binary}, "bytes", ""},
		"video":                       {"id=M1", []channeltest.Answer{words(`{"video_url":"` + elsewhere.URL + `"}`)}, "elsewhere", ""},
		"video without address":       {"id=M1", []channeltest.Answer{words(`{}`)}, "", "answer_unreadable"},
		"after three days":            {"id=M1", []channeltest.Answer{words(`{"errcode":40007,"errmsg":"invalid media_id"}`)}, "", "media_gone"},
		"picture after three days":    {picture, []channeltest.Answer{words(`{"errcode":40007,"errmsg":"invalid media_id"}`)}, "elsewhere", ""},
		"picture, unverified account": {picture, []channeltest.Answer{words(`{"errcode":48001,"errmsg":"api unauthorized"}`)}, "elsewhere", ""},
		"void token":                  {"id=M1", []channeltest.Answer{words(`{"errcode":42001,"errmsg":"expired"}`), ok(`{"access_token":"T2","expires_in":7200}`), binary}, "bytes", ""},
		"gone":                        {"id=M1", []channeltest.Answer{{Status: 404}}, "", "media_gone"},
		"not a reference":             {"%zz", nil, "", "media_gone"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			media, err := connector().Fetch(t.Context(), serve(t, try.answers...), try.ref)
			if try.code != "" {
				if f := faultOf(t, err); f == nil || f.Code != try.code {
					t.Errorf("%v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(media.Body)
			if err != nil || string(got) != try.body || media.Body.Close() != nil || (media.Name == "M1.jpg") != (try.body == "bytes") {
				t.Errorf("%q as %q, %v", got, media.Name, err)
			}
		})
	}
}

func TestProfile(t *testing.T) {
	t.Parallel()
	peer := channel.Peer{ExternalID: openID}
	got, err := connector().Profile(t.Context(), serve(t, ok(`{"subscribe":1,"openid":"o","nickname":"","language":"zh_CN","remark":"田中様"}`)), peer)
	if err != nil || got != (channel.Profile{Name: "田中様", Locale: "zh-CN"}) {
		t.Errorf("%+v, %v", got, err)
	}
	_, err = connector().Profile(t.Context(), serve(t, ok(string(read(t, "err_40003.json")))), peer)
	if f := faultOf(t, err); f == nil || f.Code != "40003" {
		t.Errorf("%v", err)
	}
}

func TestTyping(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"errcode":0,"errmsg":"ok"}`:                 "",
		`{"errcode":45080,"errmsg":"not now"}`:        "",
		`{"errcode":45081,"errmsg":"already typing"}`: "",
		`{"errcode":48001,"errmsg":"unauthorized"}`:   "48001",
	} {
		err := connector().Typing(t.Context(), serve(t, ok(body)), channel.Peer{ExternalID: openID}, "")
		if f := faultOf(t, err); (f == nil) != (want == "") || f != nil && f.Code != want {
			t.Errorf("%s: %v", body, err)
		}
	}
}
