package search_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"

	"madoguchi/desk"
	"madoguchi/search"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

// The words that texts are made of: Japanese, English, Chinese, Korean, Thai, and what desks write.
var (
	japanese = strings.Fields("返金 配送 注文 商品 キャンセル お問い合わせ ご連絡 確認 いたします です ます ください 届き ません まだ いつ ですか 請求書 領収書 住所 変更 サイズ 交換 不良品 " +
		"ログイン パスワード できない エラー 画面 アプリ ｱﾌﾟﾘ ｻｲｽﾞ 会員 退会 ポイント クーポン 使えない 支払い 方法 カード 銀行 振込 を が は に で と の も から まで 株式会社 ㈱ 髙橋 渡邊 斎藤 ー 々")
	english = strings.Fields("refund order delivery please where is my the a I would like to cancel item arrived broken size exchange invoice receipt address change login password " +
		"cannot error screen App POINTS coupon payment card bank transfer from until company naïve café e-mail don't iPhone15 No.42 ＡＢＣ")
	chinese = strings.Fields("退款 订单 发货 什么时候 我 的 商品 坏了 尺寸 换货 发票 地址 修改 登录 密码 错误 优惠券 支付 银行 转账 公司 請問 貨物 還沒 收到 謝謝")
	korean  = strings.Fields("환불 주문 배송 언제 제 상품 이 고장 사이즈 교환 영수증 주소 변경 로그인 비밀번호 오류 쿠폰 결제 카드 은행 회사 해주세요 입니다")
	other   = strings.Fields("สวัสดี คืนเงิน สั่งซื้อ заказ возврат παραγγελία ΟΔΟΣ 😀 👍🏽 #123 090-1234-5678 tanaka@example.jp https://shop.example/a?b=1 v1.2.3 … 「」 （）")
)

// writer makes texts of a language, or of all mixed.
type writer struct{ *rand.Rand }

func (w writer) pick(words []string) string { return words[w.IntN(len(words))] }

func (w writer) text() string {
	languages := [][]string{japanese, english, chinese, korean, other}
	kind := w.IntN(6)
	var s strings.Builder
	for range 1 + w.IntN(25) {
		words := languages[kind%5]
		if kind == 5 || w.IntN(12) == 0 {
			words = languages[w.IntN(5)]
		}
		word := w.pick(words)
		if w.IntN(15) == 0 {
			word = w.made()
		}
		s.WriteString(word)
		if kind == 1 || kind == 3 || w.IntN(8) == 0 {
			s.WriteString(w.pick([]string{" ", " ", "　", "、", "。\n", ", ", "-"}))
		}
	}
	return s.String()
}

// made is a word that nobody has heard of.
func (w writer) made() string {
	from := [][2]rune{{0x3041, 0x3096}, {0x30a1, 0x30fa}, {0x4e00, 0x9fa0}, {'a', 'z'}, {'A', 'Z'}, {0xac00, 0xd7a3}, {'0', '9'}, {0xff66, 0xff9d}}[w.IntN(8)]
	r := make([]rune, 1+w.IntN(12))
	for i := range r {
		r[i] = from[0] + rune(w.IntN(int(from[1]-from[0])+1))
	}
	return string(r)
}

// question is what somebody might look for: a piece of a text, words of one or two, or something that is nowhere.
func (w writer) question(texts []string) string {
	piece := func() string {
		runes := []rune(texts[w.IntN(len(texts))])
		from := w.IntN(len(runes))
		return string(runes[from:min(from+1+w.IntN(6), len(runes))])
	}
	switch w.IntN(6) {
	case 0:
		return piece() + " " + piece()
	case 1:
		words := strings.Fields(search.Fold(texts[w.IntN(len(texts))]))
		if len(words) == 0 {
			return w.made()
		}
		return strings.ToUpper(w.pick(words))
	case 2:
		return w.made()
	case 3:
		return w.pick([][]string{japanese, english, chinese, korean, other}[w.IntN(5)])
	}
	return piece()
}

// A search finds exactly what going through every text finds, in every language, on both databases.
func TestRecall(t *testing.T) {
	t.Parallel()
	people, questions := 300, 250
	if os.Getenv("MADOGUCHI_SOAK") == "1" {
		people, questions = 30_000, 2_000
	}
	var asking sync.Once // both databases have the same texts and are asked the same
	var asked []exam
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) {
		w := newWorld(t, open())
		random := writer{rand.New(rand.NewPCG(1, 2))}
		texts, messages := w.corpus(random, people)
		w.index()
		asking.Do(func() { asked = ask(t, random, texts, questions) })
		hits := 0
		for _, q := range asked {
			got := w.everything(search.Request{Text: q.text, Kinds: []search.Kind{search.KindMessage}})
			want := map[desk.ID]bool{}
			for _, i := range q.in {
				want[messages[i]] = true
				if !got[messages[i]] {
					t.Errorf("%q does not find message %s", q.text, messages[i])
				}
			}
			for id := range got {
				if !want[id] {
					t.Errorf("%q finds message %s, which does not have it", q.text, id)
				}
			}
			hits += len(want)
		}
		if len(asked) < questions || hits < questions {
			t.Errorf("%d questions had %d answers: they ask for nothing", len(asked), hits)
		}
		t.Logf("%d texts, %d questions, %d hits, all found", len(texts), len(asked), hits)
	})
}

// exam is a question, and which texts answer it.
type exam struct {
	text string
	in   []int
}

// ask makes up questions and looks for each through every text.
func ask(t *testing.T, random writer, texts []string, questions int) []exam {
	t.Helper()
	asked := make([]exam, questions)
	for n := range asked {
		text := random.question(texts)
		asked[n].text = text
		q := search.ParseQuery(text)
		plain := isPlain(text)
		for i := range texts {
			found := !q.Short() && q.Matches(texts[i])
			if found {
				asked[n].in = append(asked[n].in, i)
			}
			if plain && !found && strings.Contains(texts[i], text) {
				t.Errorf("%q stands in %q as it is", text, texts[i])
			}
		}
	}
	return asked
}

// isPlain reports a question that folding leaves alone and that may stand anywhere: to compare with without our own code.
func isPlain(asked string) bool {
	for _, r := range asked {
		if r < 0x3041 || r > 0x9fff || asked != search.Fold(asked) {
			return false
		}
	}
	return len([]rune(asked)) > 1
}

// corpus gives everybody three messages.
func (w *world) corpus(random writer, people int) (texts []string, ids []desk.ID) {
	for done := 0; done < people; done += 100 {
		var batch []string
		for range 300 {
			batch = append(batch, random.text())
		}
		var said []desk.ID
		w.update(func(tx store.Tx) error {
			said = nil
			for i := 0; i < len(batch); i += 3 {
				row, err := w.person(tx, 0, desk.Contact{Name: fmt.Sprint(done + i)})
				if err != nil {
					return err
				}
				for _, text := range batch[i : i+3] {
					m, err := w.say(tx, row, text, nil)
					if err != nil {
						return err
					}
					said = append(said, m.ID)
				}
			}
			return nil
		})
		texts, ids = append(texts, batch...), append(ids, said...)
	}
	return texts, ids
}

// everything is every message that a search finds, page after page.
func (w *world) everything(ask search.Request) map[desk.ID]bool {
	found := map[desk.ID]bool{}
	ask.Page.Limit = 50
	for {
		page := w.find(search.Viewer{}, ask)
		for _, c := range page.Conversations {
			for _, h := range c.Hits {
				found[h.Message.ID] = true
			}
		}
		if ask.Page.After = page.Next; page.Next == "" {
			return found
		}
	}
}
