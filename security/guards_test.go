package security_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// guard is a piece of the source that keeps one way in shut, and what the source would be without it.
type guard struct {
	file, with, without string
	pkg, test           string // the test that fails then
}

const here = "./security"

// guards is every one of them. Where nothing stands that could be taken out (sign-in never looks at the cookie that it
// replaces, no page reads where to go next from its address), a hole is made instead.
var guards = map[string]guard{
	"failures count by account":              {"account/session.go", "d := s.byEmail.Take(email, 1)", "d := s.byEmail.Take(email, 0)", here, "TestGuessingOnePersonsPasswordEnds"},
	"failures count by address":              {"account/session.go", "s.byAddress.Take(address, 1); !d.Allowed", "s.byAddress.Take(address, 0); !d.Allowed", here, "TestGuessingManyPeoplesPasswordsEnds"},
	"forwarding headers of strangers":        {"auth/clientip.go", "if !client.IsValid() || !p.trusted(client) {", "if !client.IsValid() {", here, "TestGuessingManyPeoplesPasswordsEnds"},
	"what a caller wrote ahead of the proxy": {"auth/clientip.go", "range slices.Backward(hops)", "range slices.All(hops)", here, "TestATrustedProxyTellsAddressesApart"},
	"an IPv6 network is one caller":          {"auth/clientip.go", "netip.PrefixFrom(a, 64)", "netip.PrefixFrom(a, 128)", here, "TestATrustedProxyTellsAddressesApart"},
	"attempts count before they are looked at": {
		"account/session.go", "d := s.byEmail.Take(email, 1)",
		"d := s.byEmail.Take(email, 0)\n\td.Allowed = d.Remaining > 0\n\tdefer func() {\n\t\tif !ok && err == nil {\n\t\t\ts.byEmail.Take(email, 1)\n\t\t}\n\t}()", here, "TestGuessingAtOnceIsCountedToo",
	},
	"nobody's password is hashed as well":   {"auth/password.go", `known := stored != ""`, "known := stored != \"\"\n\tif !known {\n\t\treturn false, false, nil\n\t}", here, "TestTheTimeTellsNobodyWhoHasAnAccount"},
	"trying keys counts":                    {"api/rest/gate.go", "decision := g.Limiter.Take(x.rateKey(), 1)", "if refused != nil {\n\t\treturn refused\n\t}\n\tdecision := g.Limiter.Take(x.rateKey(), 1)", here, "TestTokensCannotBeTriedWithoutEnd"},
	"visitors count by address":             {"visitor/visitor.go", "address.Take(auth.RateKey(address), 1)", "address.Take(auth.RateKey(address), 0)", here, "TestVisitorsAreCountedByAddress"},
	"only a trusted proxy is believed":      {"auth/arrival.go", "r.Header.Del(name)", "_ = name", "./auth", "TestArrivalBelievesTrustedProxiesOnly"},
	"the CSRF token":                        {"auth/crosssite.go", `if !safe(r.Method) && r.Expected != ""`, `if false && r.Expected != ""`, "./api", "TestRequestsOfOtherSitesAreRefused"},
	"Sec-Fetch-Site":                        {"auth/crosssite.go", `case "", "same-origin":`, `case "", "same-origin", "same-site", "cross-site":`, "./api", "TestRequestsOfOtherSitesAreRefused"},
	"the Origin":                            {"auth/crosssite.go", `if r.Origin != "" &&`, "if false &&", "./api", "TestRequestsOfOtherSitesAreRefused"},
	"the Origin of sockets":                 {"auth/crosssite.go", `if r.Origin != "" &&`, "if false &&", here, "TestSocketsOfOtherSitesAreRefused"},
	"sockets without Origin":                {"auth/crosssite.go", `if r.Origin == "" {`, "if false {", here, "TestSocketsOfOtherSitesAreRefused"},
	"the cookie is not for scripts":         {"auth/session.go", "HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode,\n", "Secure: secure, SameSite: http.SameSiteLaxMode,\n", here, "TestTheCookieStaysWithTheDesk"},
	"the cookie stays in TLS":               {"auth/session.go", "HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode,\n", "HttpOnly: true, SameSite: http.SameSiteLaxMode,\n", here, "TestTheDeskServesTLSItself"},
	"cookies of neighbours":                 {"auth/session.go", `return "__Host-" + SessionCookieName`, "return SessionCookieName", here, "TestTheDeskServesTLSItself"},
	"a desk nobody owns yet":                {"api/admin/setup.go", `if a.SetupCode == "" ||`, `if true ||`, here, "TestADeskThatANetworkReachesIsSetUpWithItsCode"},
	"a desk nobody owns, by another's name": {"api/admin/setup.go", "if err == nil && auth.UnboundHost(", "if err == nil || auth.UnboundHost(", "./api", "TestSetUpUnderAStrangersName"},
	"figures through a proxy":               {"api/metrics.go", "return !x.Relayed && ", "return ", "./api", "TestMetricsAreForThisMachineAlone"},
	"sessions that ended":                   {"live/session.go", "if !present.has(a.session) {", "if false {", here, "TestLosingARightTakesEffectOnOpenSessions"},
	"typing of who may not reply":           {"live/viewing.go", "m.Typing = m.Typing && !a.silent.Load()", "_ = a.silent.Load()", "./live", "TestOnlyWhoMayReplyIsSeenTyping"},
	"permissions":                           {"api/rest/gate.go", "if op.Can == Public || op.Can == SignedIn || x.Caller.Can(op.Can) {", "if true {", here, "TestEveryRouteAsEveryRole"},
	"what is for people":                    {"api/rest/gate.go", "if op.PersonOnly &&", "if false &&", here, "TestEveryRouteAsEveryRole"},
	"sites that may carry the widget":       {"visitor/boot.go", `if b.Origin != "" && !b.Framed`, "if false && !b.Framed", "./api/widget", "TestOnlyAllowedOriginsBoot"},
	"accounts of another secret":            {"inbound/route.go", "_, err = q.connector.Receive(ctx, e, q.call.Request)", "_ = e", "./inbound", "TestNobodySpeaksForAccountsOfAnotherSecret"},
	"forged identities":                     {"auth/identify.go", "jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), ", "", "./auth", "TestIdentifyRefusesForgeries"},
	"inner addresses":                       {"guard/route.go", "if !Public(a) && !r.allow.coversAddr(a) {", "if false {", "./guard", "TestInnerTargetsAreRefused"},
	"IPv6 that is not the internet's":       {"guard/address.go", " || (a.Is6() && !globalIPv6.Contains(a))", "", "./guard", "TestInnerTargetsAreRefused"},
	"rebinding":                             {"guard/route.go", "netip.AddrPortFrom(a, uint16(port)).String())", "address+a.String()[:0])", "./guard", "TestRebindingFindsNoSecondQuestion"},
	"redirects":                             {"guard/guard.go", "if g.sentFromOutside(req) {", "if false {", "./guard", "TestEveryRedirectIsChecked"},
	"large answers from outside":            {"guard/guard.go", "resp.Body = &boundedBody{body: resp.Body, left: g.MaxBytes}", "", "./guard", "TestOversizeBodies"},
	"pixels":                                {"media/image.go", "if cfg.Width > MaxSide || cfg.Height > MaxSide || int64(cfg.Width)*int64(cfg.Height) > MaxPixels {", "if false {", "./media", "TestImageBombsAreRefusedBeforeDecoding"},
	"memory of a decoded picture":           {"media/image.go", "*perPixel > maxDecoded {", "*perPixel < 0 {", "./media", "TestProgressiveJPEGIsCostedAsSuch"},
	"active content":                        {"attachment/attachment.go", "if !inline {\n\t\tmime = media.Opaque", "if false {\n\t\tmime = media.Opaque", here, "TestFilesNeverRun"},
	"files as downloads":                    {"attachment/attachment.go", "media.ContentDisposition(inline, name)", "media.ContentDisposition(true, name)", here, "TestFilesNeverRun"},
	"the policy of files":                   {"attachment/attachment.go", `h.Set("Content-Security-Policy", contentPolicy)`, "_ = contentPolicy", here, "TestFilesNeverRun"},
	"bytes, not claims":                     {"media/sniff.go", "mime.ParseMediaType(found.String())", "mime.ParseMediaType(declared)", "./media", "TestSniffBelievesOnlyTheBytes"},
	"polyglots":                             {"media/sniff.go", "; ok && !looksActive(head) {", "; ok {", "./media", "TestSniffBelievesOnlyTheBytes"},
	"folders in names":                      {"media/name.go", "name = name[i+1:]", "_ = i", here, "TestNamesBreakNoHeader"},
	"control characters in names":           {"media/name.go", "case unicode.IsControl(r), ", "case ", "./media", "TestCleanName"},
	"quotes in headers":                     {"media/name.go", `if r < ' ' || r > '~' ||`, "if false &&", "./media", "TestContentDisposition"},
	"size of a widget's request":            {"api/widget/api.go", "io.ReadAll(http.MaxBytesReader(w, r.Body, webchat.MaxBody))", "io.ReadAll(http.MaxBytesReader(w, r.Body, webchat.MaxBody<<20))", here, "TestLargeRequestsAreRefused"},
	"size of headers":                       {"api/server.go", "MaxHeaderBytes:    32 << 10,", "", here, "TestLargeRequestsAreRefused"},
	"headers that never end":                {"api/server.go", "ReadHeaderTimeout: 10 * time.Second,", "", "./api", "TestDrippingClientsAreHungUpOn"},
	"bodies that never come":                {"api/middleware.go", "hasten(w, r)", "", "./api", "TestSilentClientsAreHungUpOn"},
	"bodies nobody reads":                   {"api/slow.go", "\tbody.expect() //", "\t//", "./api", "TestSilentClientsAreHungUpOn"},
	"bodies that drip":                      {"api/slow.go", "if slow.Before(silent) {", "if false {", "./api", "TestDrippingClientsAreHungUpOn"},
	"readers that never read":               {"api/middleware.go", "SetWriteDeadline(time.Now().Add(answerTime))", "SetWriteDeadline(time.Time{})", "./api", "TestReadersThatNeverReadAreHungUpOn"},
	"sockets that never read":               {"live/socket.go", "if s.bytes > maxWaitingBytes ||", "if false ||", "./live", "TestSlowSocketIsDropped"},
	"sockets without number":                {"live/crowd.go", "if c.most > 0 && c.from[address] >= c.most {", "if false {", here, "TestVisitorsSocketsAreCountedByAddress"},
	"sockets that have ended":               {"live/visitor.go", "\tv.hub.crowd.leave(v.from)\n", "", here, "TestVisitorsSocketsAreCountedByAddress"},
	"large frames":                          {"live/websocket.go", "ReadMaxPayloadSize: maxIncoming,", "", here, "TestSocketsTakeSmallFramesOnly"},
	"old TLS":                               {"app/traffic.go", "MinVersion: tls.VersionTLS12", "MinVersion: tls.VersionTLS10", here, "TestTheDeskServesTLSItself"},
	"plain HTTP past the proxy":             {"api/middleware.go", "if s.deps.RefusePlain &&", "if false &&", here, "TestPlainHTTPOnANetworkIsForTheProxy"},
	"plain HTTP on a network":               {"app/traffic.go", "if len(c.TrustedProxies) == 0 {", "if false {", "./app", "TestPlainHTTPIsForThisMachine"},
	"addresses in the log":                  {"api/middleware.go", `slog.String("route", x.Route())`, `slog.String("route", r.URL.String())`, here, "TestLogsHoldNoSecrets"},

	// What is one person's, and what nobody keeps who loses a right.
	"invitations are used once":            {"account/invite.go", "if !i.AcceptedAt.IsZero() {", "if false {", "./account", "TestAnInvitationIsAcceptedOnce"},
	"invitations end":                      {"account/invite.go", "if !s.now().Before(i.ExpiresAt) {", "if false {", "./account", "TestAnExpiredInvitationSaysSo"},
	"invitations of who lost the right":    {"account/invite.go", "if may := auth.Of(w, host); !may.Can(auth.MemberManage) || auth.MayGive(may.Can, auth.OfRole(w, i.Role, i.Custom)) != nil {", "if _ = w; false {", "./account", "TestWhoLosesARightKeepsItNowhere"},
	"keys of who lost the right":           {"account/apikey.go", "return auth.KeyCan(k.Key, p) && ", "return auth.KeyCan(k.Key, p) || ", "./account", "TestWhoLosesARightKeepsItNowhere"},
	"keys of who left":                     {"account/apikey.go", "|| err == nil && !k.Maker.Active {", "|| false {", "./account", "TestAKeyDiesWithItsMaker"},
	"sockets of keys of who left":          {"live/session.go", "return alive && c.members[s.User].Active", "return alive", "./live", "TestManySessionsThatEndUntold"},
	"keys that may more than their makers": {"auth/rights.go", "if KeyCan(k, p) && !maker(p) {", "if false {", "./api", "TestKeysMayDoLessThanTheirRole"},
	"ranks":                                {"auth/rights.go", "if given.Can(p) && !giver(p) {", "if false {", "./api", "TestMembersChangeWithinTheirRank"},
	"sessions after a reset":               {"account/user.go", `DeleteSessionsOf(user.ID, "")`, `DeleteSessionsOf(0, "")`, "./live", "TestAccountsChangedElsewhere"},
	"sessions that lie idle":               {"auth/session.go", " && now.Sub(s.LastSeenAt) < SessionIdle", "", "./auth", "TestSessionsEnd"},
	"exports of others":                    {"export/export.go", "if err == nil && e.RequestedBy != a.User {", "if false {", "./api", "TestExportsOverHTTP"},
	"uploads of others":                    {"api/agent/files.go", "\t\t\treturn unsaid(reader, c, file)\n", "\t\t\treturn nil\n", "./api", "TestFilesAreUploadedSentAndServed"},
	"callbacks of another kind":            {"inbound/hook.go", " || k.Channel.Kind != kind", "", "./inbound", "TestHookRefuses"},
	"requests kept in the open":            {"inbound/hook.go", "s.sealer.Seal(plain, rawPlace(k.Workspace, k.Channel.ID))", "append([]byte(nil), plain...), error(nil)", "./inbound", "TestHookKeepsWhatItAcknowledges"},
	"uploads of other visitors":            {"inbound/filing.go", " || a.UploadedBy != f.call.Uploader {", " {", "./api/widget", "TestFiles"},
	"links open one thing":                 {"auth/link.go", `"\x00" + resource`, `"\x00" + resource[:0]`, "./auth", "TestLinks"},
	"forged links that end mails":          {"mail/stop.go", "return to, auth.CheckLink(s.Secret, to.resource(), fields[2], s.Now())", "return to, nil", "./api/stopmail", "TestALinkAsksAndAClickEndsMails"},
	"links that end mails by being opened": {"api/stopmail/stopmail.go", "if r.Method == http.MethodPost {", "if true {", "./api/stopmail", "TestALinkAsksAndAClickEndsMails"},
	"links end":                            {"auth/link.go", "now.Unix() >= until {", "until < 0 {", "./auth", "TestLinks"},
	"what blocked people tell":             {"visitor/messages.go", "return !i.BlockedAt.IsZero(), err", "_ = i\n\treturn false, err", "./api/widget", "TestABlockedVisitorNoticesNothingAndTellsNobody"},

	"push services in the clear":        {"notify/device.go", `u.Scheme != "https" && (u.Scheme != "http" || s.Trusted == nil || !s.Trusted(u))`, `u.Scheme != "https" && u.Scheme != "http"`, "./notify", "TestSigningUp"},
	"devices of others":                 {"notify/device.go", "if err == nil && d.UserID != user {", "if _ = d; false {", "./notify", "TestSigningUp"},
	"pushes of what they no longer see": {"notify/compose.go", "view.Within(r, device.UserID, h.member.Scope)", "view.Within(r, device.UserID, desk.ScopeAll)", "./notify", "TestSightIsLookedAtWhenItGoes"},
	"rights of a role that lost them":   {"live/session.go", "func (c *roll) monitors(s Session) bool { return c.can(s, auth.ConversationMonitor) }", "func (c *roll) monitors(s Session) bool { return s.Monitors }", "./live", "TestACustomRoleIsInForceOnOpenSockets"},
	"what J3 never lets a role have":    {"auth/rights.go", "case level == Never:", "case level == Never && r.custom == nil:", "./auth", "TestCustomRolesStayWithinTheirBase"},
	"roles above those who give them":   {"account/role.go", "func (a Actor) mayGiveRole(r store.Reader, c desk.CustomRole) error {", "func (a Actor) mayGiveRole(r store.Reader, c desk.CustomRole) error {\n\ta.Can = everything", "./account", "TestRolesOfTheWorkspacesOwn"},

	// Holes.
	"sessions from before the sign-in":  {"api/agent/session.go", "\trest.BeginSession(ctx, token, signed.Session)\n", "\tif len(rest.From(ctx).Request.Cookies()) == 0 {\n\t\trest.BeginSession(ctx, token, signed.Session)\n\t}\n", here, "TestASessionCannotBePlanted"},
	"addresses that lead elsewhere":     {"api/inboxapp.go", "\tname := strings.TrimPrefix(", "\tif next := r.URL.Query().Get(\"next\"); next != \"\" {\n\t\thttp.Redirect(w, r, next, http.StatusFound)\n\t\treturn\n\t}\n\tname := strings.TrimPrefix(", here, "TestNoAddressLeadsElsewhere"},
	"another workspace's records":       {"store/sqlstore/tags.go", "created_at FROM tags WHERE workspace_id = $1 AND id = $2`", "created_at FROM tags WHERE $1 = $1 AND id = $2`", here, "TestEveryRouteWithAnotherWorkspacesIDs"},
	"doors that nobody listed":          {"security/routes_test.go", "GET  /readyz                          everybody\n", "", here, "TestEveryOtherDoor"},
	"sockets that are compressed":       {"live/websocket.go", "ParallelGolimit:    1,", "ParallelGolimit:    1,\n\t\tPermessageDeflate:  gws.PermessageDeflate{Enabled: true},", here, "TestSocketsOfOtherSitesAreRefused"},
	"who has an account, by the answer": {"account/session.go", `"", signed, desk.Errorf(desk.KindUnauthentic, "credentials_wrong", "e-mail or password is wrong")`, `"", signed, desk.Errorf(desk.KindUnauthentic, map[bool]string{true: "email_unknown", false: "credentials_wrong"}[user.ID == 0], "wrong")`, here, "TestNobodyLearnsWhoHasAnAccount"},

	// What browsers are told.
	"the frame's sandbox":        {"api/widget/pages.go", ` + "; sandbox " + sandbox`, "", "./api/widget", "TestFrame"},
	"who may frame the widget":   {"api/widget/pages.go", `"require-trusted-types-for 'script'; frame-ancestors " + strings.Join(s.FrameAncestors(originOf(own)), " ")`, `"require-trusted-types-for 'script'"`, "./api/widget", "TestFrame"},
	"who may frame the inbox":    {"api/inboxapp.go", "; frame-ancestors 'none'", "", "./api", "TestTheInboxIsServed"},
	"scripts in the inbox":       {"api/inboxapp.go", `script-src " + script + ";`, `script-src " + script + " 'unsafe-inline';`, "./api", "TestTheInboxIsServed"},
	"request ids that break out": {"auth/arrival.go", `if id := r.Header.Get("X-Request-Id"); plainID(id) {`, `if id := r.Header.Get("X-Request-Id"); id != "" {`, "./api", "TestRequestIDsAreATrustedProxysOrOurs"},

	// What people write, on its way to screens, spreadsheets and disks.
	"formulas in exports":             {"export/encode.go", `if strings.ContainsRune("=+-@`, `if false && strings.ContainsRune("=+-@`, "./export", "TestGuard"},
	"formulas in cells":               {"export/encode.go", "guarded[i] = Guard(c)", "guarded[i] = c", "./export", "TestCellsOfFilesAreGuarded"},
	"formulas in the audit log":       {"api/admin/audit.go", "cells[i] = export.Guard(cell)", "_ = export.Guard\n\t\t\tcells[i] = cell", "./api", "TestTheAuditLogIsReadVerifiedAndExported"},
	"addresses of pages":              {"visitor/visitor.go", `|| !strings.HasPrefix(p.URL, "https://") && !strings.HasPrefix(p.URL, "http://") {`, "{", "./api/widget", "TestTrackAndPage"},
	"links in messages":               {"inbox/parts.go", "if !safeHref(m.Href) {", "if false {", "./inbox", "TestWriteRefuses"},
	"origins in the frame's policy":   {"channel/webchat/settings.go", "if !validOrigin(o) {", "if false {", "./channel/webchat", "TestSettingsValidate"},
	"secrets are not compressed":      {"api/compress.go", "if slices.ContainsFunc(secretive,", "if false && slices.ContainsFunc(secretive,", "./api", "TestLongAnswersAreCompressed"},
	"strangers' names at the figures": {"api/metrics.go", " && auth.LoopbackHost(r.Host)", "", "./api", "TestMetricsAreForThisMachineAlone"},
	"names in archives":               {"blob/diskblob/diskblob.go", "if !validKey(key) || workspace <= 0 {", "if false {", "./archive", "TestAnArchiveWritesNowhereElse"},
	"links in archives":               {"archive/reader.go", "if h.Typeflag != tar.TypeReg {", "if false {", "./archive", "TestAnArchiveWritesNowhereElse"},
	"archives without end":            {"archive/reader.go", "if h.Size > maxText {", "if false {", "./archive", "TestAnArchiveThatWouldFillTheMemory"},
	"windows of archives":             {"archive/envelope.go", "zstd.WithDecoderMaxWindow(maxWindow)", "zstd.WithDecoderMaxWindow(8<<30)", "./archive", "TestAnArchiveThatWouldFillTheMemory"},
	"key files that others read":      {"seal/keyfile.go", "if stat.Mode().Perm()&0o077 != 0 {", "if false {", "./seal", "TestKeyFileRefusals"},
	"files that others read":          {"blob/diskblob/filesystem.go", "0o700", "0o755", "./blob/diskblob", "TestNobodyElseReadsTheFolder"},
	"databases that others read":      {"store/sqlstore/sqlite_conn.go", "\n\tprivate(path)\n", "\n", "./store/sqlstore", "TestNobodyElseReadsTheDatabase"},
	"hashes at once":                  {"auth/password.go", "make(chan struct{}, max(atOnce, 1))", "make(chan struct{}, max(atOnce, 1<<20))", "./auth", "TestHashingWaitsForAPlaceOnlyWhileWanted"},
}

// source reads a guard's file and takes the guard out.
func (g guard) source(t *testing.T, name string) (without []byte) {
	t.Helper()
	source, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(g.file)))
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(source, []byte(g.with)); n != 1 {
		t.Errorf("%s: %s holds %q %d times, want once: did the guard move?", name, g.file, g.with, n)
	}
	return bytes.Replace(source, []byte(g.with), []byte(g.without), 1)
}

// TestGuardsAreWhereTheListSays and the tests that it names are there.
func TestGuardsAreWhereTheListSays(t *testing.T) {
	t.Parallel()
	for name, g := range guards {
		g.source(t, name)
		files, err := filepath.Glob(filepath.Join("..", filepath.FromSlash(g.pkg), "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, file := range files {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			found = found || regexp.MustCompile(`func `+g.test+`\(`).Match(source)
		}
		if !found {
			t.Errorf("%s: %s has no %s", name, g.pkg, g.test)
		}
	}
}

// TestEachTestFailsWithoutItsGuard takes the guards out of a copy of the source, one at a time. It is part of the soak.
func TestEachTestFailsWithoutItsGuard(t *testing.T) {
	if os.Getenv("MADOGUCHI_SOAK") != "1" {
		t.Log("the guards stay in: the whole of this is part of the soak (MADOGUCHI_SOAK=1)")
		return
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	for name, g := range guards {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			copied := filepath.Join(folder, "without.go")
			if err := os.WriteFile(copied, g.source(t, name), 0o600); err != nil {
				t.Fatal(err)
			}
			overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(root, filepath.FromSlash(g.file)): copied}})
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(folder, "overlay.json"), overlay, 0o600); err != nil {
				t.Fatal(err)
			}
			run := exec.CommandContext(t.Context(), "go", "test", "-count=1", "-vet=off", "-timeout=2m", "-overlay", filepath.Join(folder, "overlay.json"), "-run", "^"+g.test+"$", g.pkg)
			run.Dir = root
			run.Env = append(os.Environ(), "MADOGUCHI_SOAK=") // the test as everybody runs it
			out, err := run.CombinedOutput()
			switch {
			case err == nil:
				t.Errorf("%s passes without the guard in %s", g.test, g.file)
			case strings.Contains(string(out), "[build failed]") || strings.Contains(string(out), "[setup failed]"):
				t.Errorf("without the guard it does not build:\n%s", out)
			case !strings.Contains(string(out), "--- FAIL: "+g.test) && !strings.Contains(string(out), "test timed out") && !strings.Contains(string(out), "panic:") && !strings.Contains(string(out), "fatal error:"):
				t.Errorf("something else failed:\n%s", out)
			}
		})
	}
}
