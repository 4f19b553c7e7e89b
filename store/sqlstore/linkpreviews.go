package sqlstore

import (
	"time"

	"madoguchi/desk"
)

type linkPreviews struct{ t *tx }

// linkPreviewsKept is how long previews are kept; they hold for less.
const linkPreviewsKept = 7 * 24 * time.Hour

const (
	sqlLinkPreviewGet = `SELECT url, title, text, failure, fetched_at FROM link_previews WHERE workspace_id = $1 AND url = $2`
	sqlLinkPreviewPut = `INSERT INTO link_previews (workspace_id, url, title, text, failure, fetched_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (workspace_id, url) DO UPDATE SET title = excluded.title, text = excluded.text, failure = excluded.failure, fetched_at = excluded.fetched_at`
	sqlLinkPreviewSweep = `DELETE FROM link_previews WHERE fetched_at < $1`
)

func readLinkPreview(r row, v *desk.LinkPreview) error {
	return scan(r, &v.URL, &v.Title, &v.Text, &v.Failure, &v.FetchedAt)
}

func (s linkPreviews) Get(url string) (desk.LinkPreview, error) {
	return get(s.t, "link_preview", readLinkPreview, sqlLinkPreviewGet, s.t.workspace, url)
}

func (s linkPreviews) Put(v desk.LinkPreview) error {
	return s.t.write(sqlLinkPreviewPut, s.t.workspace, v.URL, v.Title, v.Text, v.Failure, v.FetchedAt)
}
