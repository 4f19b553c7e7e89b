package mail

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"madoguchi/desk"
	"madoguchi/locale"
	"madoguchi/smtp"
	"madoguchi/store"
	"madoguchi/view"
)

// colleague is a member about to be mailed.
type colleague struct {
	reader   store.Reader // as they see the desk (J2)
	user     desk.User
	member   desk.Member
	telling  desk.Telling
	zone     *time.Location
	language desk.Locale
	from     string
}

// colleagueOf reads whom a mail is for; nil for who works here no more, or has no address.
func colleagueOf(r store.Reader, id desk.ID) (*colleague, error) {
	c := &colleague{}
	var err error
	if c.member, err = r.Members().Get(id); err != nil || !c.member.Active {
		return nil, none(err)
	}
	if c.user, err = r.Accounts().User(id); err != nil || !smtp.ValidAddress(c.user.Email) {
		return nil, none(err)
	}
	if c.telling, err = r.Pushes().Telling(id); err != nil {
		return nil, err
	}
	if c.zone, err = store.ZoneOf(r, id); err != nil {
		return nil, err
	}
	workspace, err := r.Workspaces().Current()
	if err != nil {
		return nil, err
	}
	c.language, c.from = cmp.Or(c.user.Locale, workspace.Locale), workspace.Name
	c.reader, err = view.Within(r, id, c.member.Scope)
	return c, err
}

// letter begins one to them.
func (c *colleague) letter() *letter {
	return &letter{to: c.user.Email, fromName: c.from, Language: c.language}
}

// mostRows is how many conversations one mail lists; the inbox has the rest.
const mostRows = 20

// rows are their conversations, who waits longest first, at most 100.
func (c *colleague) rows() (all []desk.Conversation, unread map[desk.ID]int, err error) {
	q := store.ConversationQuery{ListFilter: desk.ListFilter{View: desk.ViewMine}, User: c.user.ID, Sort: store.SortWaiting, Page: store.Page{Limit: 100}}
	if all, _, err = c.reader.Conversations().List(q); err != nil {
		return nil, nil, fmt.Errorf("list their conversations: %w", err)
	}
	ids := make([]desk.ID, len(all))
	for i, row := range all {
		ids[i] = row.ID
	}
	unread, err = c.reader.Conversations().Unread(c.user.ID, ids)
	return all, unread, err
}

// item is a conversation in a mail: who, and since when they wait; with what they said last unless that is hidden.
func (s *Service) item(c *colleague, l *letter, row desk.Conversation, unread int) (item, error) {
	i := item{Title: link{Href: s.PublicURL + "/?c=" + row.ID.String()}}
	number := "#" + strconv.FormatInt(row.TicketNo, 10)
	if c.telling.HideContent {
		i.Title.Text = number
	} else {
		contact, err := c.reader.Contacts().Get(row.ContactID)
		if none(err) != nil {
			return i, err
		}
		i.Title.Text = cmp.Or(contact.Name, locale.Text(l.Language, "push.visitor", nil)) + " " + number
	}
	if row.Waiting() {
		i.Lines = append(i.Lines, l.say("waits", map[string]string{"since": row.WaitSince.In(c.zone).Format("2006-01-02 15:04")}))
	}
	if unread > 0 {
		i.Lines = append(i.Lines, l.say("unread", map[string]string{"count": strconv.Itoa(unread)}))
	}
	if !c.telling.HideContent && row.Preview.Text != "" {
		i.Lines = append(i.Lines, row.Preview.Text)
	}
	return i, nil
}

// close adds how such mails end, and writes it.
func (s *Service) close(l *letter, workspace, user desk.ID, what stopping, now time.Time) error {
	l.Button = &link{l.say("open", nil), s.PublicURL + "/"}
	l.unsubscribe = s.stopLink(workspace, what, user, now)
	l.Footer = []link{{l.say("member.why", map[string]string{"from": l.fromName}), s.PublicURL + "/settings/notifications"}, {l.say("member.stop", nil), l.unsubscribe}}
	return l.write()
}

// absence is since when a member has not been at the desk: their browser says nothing any more, or that nobody touches it.
func absence(p desk.Presence, now time.Time) (since time.Time, away bool) {
	switch {
	case !now.Before(p.LeaseUntil):
		return p.LeaseUntil.Add(-lease), true
	case p.Idle:
		return p.Since, true
	}
	return time.Time{}, false
}

// lease is for how long a browser's sign of life counts (E8).
const lease = time.Minute

func (s *Service) composeNotices(tx store.Tx, m desk.Mail) (*letter, time.Time, error) {
	c, err := colleagueOf(tx, m.UserID)
	if err != nil || c == nil || len(c.telling.ByMail) == 0 {
		return nil, time.Time{}, err
	}
	presence, err := tx.Members().Presence(m.UserID)
	if err != nil {
		return nil, time.Time{}, err
	}
	since, away := absence(presence, tx.Now())
	if due := since.Add(c.telling.Away()); !away || due.After(tx.Now()) {
		if !away {
			due = time.Time{} // they are here, and see it
		}
		return nil, due, nil
	}
	if since.Before(m.Since) {
		since = m.Since
	}
	l := c.letter()
	more, err := s.gatherNotices(c, l, since)
	if err != nil || len(l.Items) == 0 {
		return nil, time.Time{}, err
	}
	params := map[string]string{"count": strconv.Itoa(len(l.Items) + more), "from": l.fromName}
	l.Subject, l.Intro = l.say("notices.subject", params), l.say("notices.intro", params)
	return l, time.Time{}, s.close(l, m.Workspace, m.UserID, stopNotices, tx.Now())
}

// gatherNotices lists what a member was told since an instant and wants by mail: what they were notified of, by conversation, and
// what customers wrote to them. It says how many more there are than one mail lists.
func (s *Service) gatherNotices(c *colleague, l *letter, since time.Time) (more int, err error) {
	told, err := c.reader.Notifications().Newest(c.user.ID, false, 100)
	if err != nil {
		return 0, fmt.Errorf("read notifications: %w", err)
	}
	slices.Reverse(told)
	sentences, order := map[desk.ID][]string{}, []desk.ID{}
	for _, n := range told {
		if n.At.Before(since) || !slices.Contains(c.telling.ByMail, desk.NoticeOf(n.Code, n.ConversationID)) {
			continue
		}
		if _, known := sentences[n.ConversationID]; !known {
			order = append(order, n.ConversationID)
		}
		sentence := locale.Text(l.Language, locale.Key("push."+desk.NoticeWord(n.Code, n.ConversationID)), nil)
		if !slices.Contains(sentences[n.ConversationID], sentence) {
			sentences[n.ConversationID] = append(sentences[n.ConversationID], sentence)
		}
	}
	rows, unread, err := c.rows()
	if err != nil {
		return 0, err
	}
	if slices.Contains(c.telling.ByMail, desk.NoticeMessage) {
		for _, row := range rows {
			if _, known := sentences[row.ID]; !known && unread[row.ID] > 0 && !row.LastActivityAt.Before(since) {
				order = append(order, row.ID)
			}
		}
	}
	if more = len(order) - mostRows; more > 0 {
		l.More = l.say("more", map[string]string{"count": strconv.Itoa(more)})
		order = order[:mostRows]
	}
	for _, id := range order {
		i, err := s.noticed(c, l, id, unread[id])
		if err != nil {
			return 0, err
		}
		if i != nil {
			i.Lines = append(sentences[id], i.Lines...)
			l.Items = append(l.Items, *i)
		}
	}
	return max(more, 0), nil
}

// noticed is a conversation that a member was told of, if they still see it (J2); 0 is the channels.
func (s *Service) noticed(c *colleague, l *letter, id desk.ID, unread int) (*item, error) {
	if id == 0 {
		return &item{Title: link{l.say("channels", nil), s.PublicURL + "/settings/channels"}}, nil
	}
	row, err := c.reader.Conversations().Get(id)
	if err != nil {
		return nil, none(err)
	}
	i, err := s.item(c, l, row, unread)
	return &i, err
}
