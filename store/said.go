package store

import "madoguchi/desk"

const saidPage = 50

// LastSaid previews the last thing said in a conversation that is still there, for a row whose own was taken away.
func LastSaid(r Reader, conversation desk.ID) (desk.Preview, error) {
	for before := int64(0); ; {
		page, err := r.Messages().Before(conversation, before, saidPage)
		if err != nil {
			return desk.Preview{}, err
		}
		for _, m := range page {
			if m.Author.Kind.Spoken() && m.DeletedAt.IsZero() {
				return desk.PreviewOf(m), nil
			}
			before = m.Seq
		}
		if len(page) < saidPage {
			return desk.Preview{}, nil
		}
	}
}
