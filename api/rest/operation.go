package rest

import (
	"context"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"madoguchi/auth"
	"madoguchi/desk"
)

// Permission names what an operation needs; package auth says who has it.
type Permission = auth.Permission

// The two answers besides a permission of J3. Every operation declares one or the other: a test walks them all.
const (
	Public   Permission = "public"   // nobody need be signed in
	SignedIn Permission = "signedin" // any member of the workspace, or an API key
)

// Op declares one operation of the REST API.
type Op struct {
	ID          string // operationId, kebab-case, unique
	Method      string
	Path        string // below /api/v1
	Summary     string
	Tag         string // the chapter of the documentation
	Can         Permission
	Status      int   // of success, 0 = 200 (204 where there is no content)
	MaxBytes    int64 // of the request body, 0 = 1 MiB
	Idempotent  bool  // takes Idempotency-Key
	PersonOnly  bool  // needs a person's session: an API key is refused
	Description string
}

// Prefix is where the API lives.
const Prefix = "/api/v1"

// None is the result of an operation without content.
type None struct{}

// Page is one page of a list.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next" doc:"The cursor of the next page, empty at the end"`
}

// Items is a whole list.
type Items[T any] struct {
	Items []T `json:"items"`
}

// NewPage makes a page whose items are never null.
func NewPage[T any](items []T, next string) Page[T] {
	if items == nil {
		items = []T{}
	}
	return Page[T]{Items: items, Next: next}
}

// NewItems makes a list whose items are never null.
func NewItems[T any](items []T) Items[T] {
	if items == nil {
		items = []T{}
	}
	return Items[T]{Items: items}
}

// output is what huma writes: a status where it varies, and the body.
type output[T any] struct {
	Status int
	Body   T
}

const metaOp = "madoguchi.op"

// Declared is the Op an operation was declared with.
func Declared(op *huma.Operation) (Op, bool) {
	declared, ok := op.Metadata[metaOp].(Op)
	return declared, ok
}

// Add registers an operation whose handler takes I (huma's struct of parameters and Body) and answers T.
func Add[I, T any](api huma.API, op Op, handle func(context.Context, *I) (T, error)) {
	AddStatus(api, op, func(ctx context.Context, in *I) (T, int, error) {
		out, err := handle(ctx, in)
		return out, 0, err
	})
}

// AddStatus is Add for an operation that chooses between two kinds of success; 0 is the declared one.
func AddStatus[I, T any](api huma.API, op Op, handle func(context.Context, *I) (T, int, error)) {
	h := operation(op)
	if reflect.TypeFor[T]() == reflect.TypeFor[None]() {
		if h.DefaultStatus == 0 {
			h.DefaultStatus = http.StatusNoContent
		}
		huma.Register(api, h, func(ctx context.Context, in *I) (*struct{}, error) {
			_, _, err := handle(ctx, in)
			return nil, problemOf(ctx, err)
		})
		return
	}
	if h.DefaultStatus == 0 {
		h.DefaultStatus = http.StatusOK
	}
	huma.Register(api, h, func(ctx context.Context, in *I) (*output[T], error) {
		body, status, err := handle(ctx, in)
		if err != nil {
			return nil, problemOf(ctx, err)
		}
		if status == 0 {
			status = h.DefaultStatus
		}
		return &output[T]{Status: status, Body: body}, nil
	})
}

func operation(op Op) huma.Operation {
	h := huma.Operation{
		OperationID:   op.ID,
		Method:        op.Method,
		Path:          Prefix + op.Path,
		Summary:       op.Summary,
		Description:   op.Description,
		Tags:          []string{op.Tag},
		DefaultStatus: op.Status,
		MaxBodyBytes:  op.MaxBytes,
		Metadata:      map[string]any{metaOp: op},
		Extensions:    map[string]any{"x-permission": string(op.Can)},
		Responses: map[string]*huma.Response{"default": {
			Description: "A problem (RFC 9457)",
			Content: map[string]*huma.MediaType{problemType: {
				Schema: &huma.Schema{Ref: "#/components/schemas/Problem"},
			}},
		}},
	}
	if op.Can != Public {
		h.Security = []map[string][]string{{"session": {}}, {"api_key": {}}}
		if op.PersonOnly {
			h.Security = h.Security[:1]
		}
	}
	if op.Idempotent {
		limit := maxIdempotencyKey
		h.Parameters = append(h.Parameters, &huma.Param{
			Name: "Idempotency-Key", In: "header",
			Description: "The same key again gives the first result again and creates nothing.",
			Schema:      &huma.Schema{Type: huma.TypeString, MaxLength: &limit},
		})
	}
	return h
}

const maxIdempotencyKey = 128

// FieldOf turns huma's location of an error ("body.parts[0].kind") into the field's name ("parts[0].kind").
func FieldOf(location string) string {
	for _, prefix := range []string{"body.", "query.", "path.", "header."} {
		if field, ok := strings.CutPrefix(location, prefix); ok {
			return field
		}
	}
	return location
}

// AddRaw registers an operation whose handler speaks HTTP itself: files, which never go through JSON. request and
// response are the media of its document; either may be nil.
func AddRaw(api huma.API, op Op, request map[string]*huma.MediaType, response *huma.Response, handle http.HandlerFunc) {
	h := operation(op)
	if request != nil {
		h.RequestBody = &huma.RequestBody{Required: true, Content: request}
	}
	if response == nil {
		response = &huma.Response{Description: http.StatusText(http.StatusNoContent)}
	}
	status := op.Status
	if status == 0 {
		status = http.StatusOK
	}
	h.Responses[strconv.Itoa(status)] = response
	for _, name := range pathNames(op.Path) {
		h.Parameters = append(h.Parameters, &huma.Param{Name: name, In: "path", Required: true,
			Schema: &huma.Schema{Type: huma.TypeInteger, Format: "int64"}})
	}
	api.OpenAPI().AddOperation(&h)
	api.Adapter().Handle(&h, api.Middlewares().Handler(func(ctx huma.Context) {
		r, w := humago.Unwrap(ctx)
		handle(w, r)
	}))
}

// AddStream registers an operation that writes its answer as it comes, of a media type: for lists too long to hold. handle
// says what is wrong before the first byte, or what writes.
func AddStream[I any](api huma.API, op Op, media []string, handle func(context.Context, *I) (func(http.ResponseWriter), error)) {
	h := operation(op)
	content := map[string]*huma.MediaType{}
	for _, m := range media {
		content[m] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	h.Responses[strconv.Itoa(http.StatusOK)] = &huma.Response{Description: op.Summary, Content: content}
	huma.Register(api, h, func(ctx context.Context, in *I) (*huma.StreamResponse, error) {
		write, err := handle(ctx, in)
		if err != nil {
			return nil, problemOf(ctx, err)
		}
		return &huma.StreamResponse{Body: func(hc huma.Context) {
			_, w := humago.Unwrap(hc)
			write(Patient(w))
		}}, nil
	})
}

// pathNames lists the parameters of a path.
func pathNames(path string) []string {
	var names []string
	for segment := range strings.SplitSeq(path, "/") {
		if strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "}") {
			names = append(names, segment[1:len(segment)-1])
		}
	}
	return names
}

// SchemaOf is the schema of T in the document.
func SchemaOf[T any](api huma.API) *huma.Schema {
	return api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[T](), true, "")
}

// ByID is the input of an operation on one record.
type ByID struct {
	ID desk.ID `path:"id" minimum:"1" maximum:"9007199254740991"`
}

// Views maps records to what the API tells of them, never nil.
func Views[D, V any](all []D, of func(D) V) []V {
	out := make([]V, 0, len(all))
	for _, d := range all {
		out = append(out, of(d))
	}
	return out
}
