"""The words by which giveaways state their rules, in the languages that they are read in.

Each is a word or phrase as people write it. A word of a script with spaces is found as a whole word; one of
Chinese, Japanese, Korean or Thai wherever it stands. What is missing here is a rule that is not offered.
"""

from __future__ import annotations

from typing import Final

FOLLOW: Final = """
    follow, sigue, sígueme, sigueme, síguenos, siguenos, seguir, seguirnos, seguirme, sigan,
    síganos, siganos, seguinos, seguime, siga, sigam, siga-nos, segue, seguindo, suivre, suivez,
    abonnez-vous, abonne-toi, segui, seguite, seguire, seguici, seguimi, folge, folgt, folgen, folg,
    volg, volgen, obserwuj, zaobserwuj, takip, takibe, ikuti, theo dõi, подпишись, подпишитесь,
    подписаться, подписывайтесь, подписан, подпишіться, ακολουθήστε, ακολούθησε, تابع, تابعوا,
    تابعونا, تابعني, متابعة, متابعه, فولو, फॉलो, फ़ॉलो, फालो, अनुसरण, フォローし, フォロー, 팔로우,
    팔로하, 关注, 關注, 追蹤, 追踪, 跟随, ติดตาม, ฟอลโล, กดฟอล
"""  # no message: what is read
# These are rules only with the account behind them: "following @x", but not "the following rules".
FOLLOW_WITH_NAME: Final = "following, suis"  # no message: what is read
REPOST: Final = """
    rt, rts, retweet, retweets, retweeting, retweeted, repost, reposts, reposting, reposted,
    share this, share the, share our, retuitea, retuitear, retuit, retwitea, retweetea, retweetear,
    comparte, compartir, comparte este, repostea, republica, retuíte, retuite, retuitar, retuitem,
    retweetar, compartilhe, compartilhem, compartilhar, reposta, repostar, reposte, republique,
    retweetet, retweete, retweeten, reposten, repostet, teile, teilt, teilen, retweetez, retweeter,
    partage, partagez, partager, repostez, reposter, retwitta, retwittate, retweetta, condividi,
    condividete, ricondividi, repostate, podaj dalej, bagikan, chia sẻ, retweetle, retweetleyin,
    rtle, rtleyin, repostla, repostlayın, paylaş, paylaşın, yeniden paylaş, ретвит, ретвитни,
    ретвитните, ретвитнуть, репост, репостни, репостните, ретвіт, ريتويت, رتويت, ريتوت, رتوت, رت,
    إعادة نشر, اعادة نشر, أعد نشر, إعادة التغريد, اعادة التغريد, أعد التغريد, रीट्वीट, रिट्वीट,
    रीपोस्ट, रिपोस्ट, शेयर, リツイート, リツイ, リポスト, 再投稿, 拡散, 리트윗, 알티, 재게시,
    리포스트, 转推, 轉推, 转发, 轉發, 转帖, 轉貼, รีทวีต, รีโพสต์, แชร์, 🔁
"""  # no message: what is read
LIKE: Final = """
    like this post, like this tweet, like the post, like the tweet, like our post, like and, like &,
    like +, and like, & like, + like, like to win, like to enter, fav, favorite, favourite,
    me gusta, dale like, da like, likea, curta, curtir, curtam, beğen, beğenin, beğenmeyi,
    gefällt mir, liken, liket, aime, aimez, aimer, metti like, mi piace, polub, лайк, лайкни,
    лайкните, إعجاب, اعجاب, لايك, लाइक, suka, いいね, 좋아요, 마음, 点赞, 點讚, 按讚, 按赞, 喜欢,
    ถูกใจ, ไลก์, ไลค์, ❤, ♥
"""  # no message: what is read
TAG: Final = """
    tag, tagging, mention, etiqueta, etiquetar, menciona, mencionar, marque, marca, marcar, marquem,
    etiketle, etiketleyin, markiere, markiert, verlinke, verlinkt, erwähne, erwähnt, identifie,
    identifiez, mentionne, mentionnez, tagga, taggate, menziona, oznacz, отметь, отметьте, منشن,
    طاق, टैग, मेंशन, タグ付け, メンション, 태그, 멘션, 艾特, 标记, 標記, แท็ก
"""  # no message: what is read
# A clause with one of these states no rule; one with an encouragement does all the same.
NOT: Final = """
    no need, no rt, no retweet, no repost, no follow, no like, no tag, no es, no hace, no hay,
    no tienes, no necesitas, not, don't, dont, doesn't, needn't, without, never, nor, sin, não, nao,
    sem, nicht, kein, keine, keinen, ohne, pas, sans, non, senza, niet, geen, nie, bez, gerek yok,
    gerekmez, gerekmiyor, değil, şart yok, olmadan, tidak, tanpa, không, не, без, لا, بدون, ليس,
    नहीं, बिना, मत, 不要, なし, しなくて, 必要ない, 必要ありません, しないで, 필요 없, 없이,
    하지 마, 无需, 無需, 不用, 不需要, 不必, ไม่ต้อง
"""  # no message: what is read
ENCOURAGED: Final = """
    don't forget, do not forget, dont forget, don't miss, no olvides, no olviden, no se olviden,
    no te olvides, não esqueça, não esqueçam, não se esqueça, nao esqueca, não deixe,
    nicht vergessen, vergiss nicht, vergesst nicht, n'oubliez pas, n'oublie pas, n'hésitez pas,
    n'hésite pas, non dimenticare, non dimenticate, unutma, unutmayın, не забудь, не забудьте,
    لا تنسى, لا تنس, لا تنسوا, न भूलें, मत भूलें, मत भूलिए, 忘れずに, お忘れなく, 别忘, 別忘,
    잊지 마, อย่าลืม
"""  # no message: what is read
# Words right before a hashtag by which it is asked for, and words between that say nothing.
WITH_BEFORE: Final = """
    with, using, use, include, including, add, adding, hashtag, hashtags, reply, replying, comment,
    commenting, tweet, write, writing, type, typing, escribe, escriban, escribiendo, escreva,
    escrevam, escrevendo, schreibe, schreib, schreibt, écris, écrivez, scrivi, scrivete, schrijf,
    napisz, tulis, напиши, напишите, اكتب, اكتبوا, con, usando, usa, usar,
    incluye, incluyendo, comenta, responde, etiqueta,
    com, use, inclua, comente, responda, mit, verwende, verwendet, nutze, nutzt, benutze,
    kommentiere, kommentiert, antworte, antwortet, avec, utilise, utilisez, commente, commentez,
    réponds, répondez, usate, commenta, commentate, rispondi, met, gebruik, dengan, pakai, tagar, с,
    хештег, хештегом, хэштег, хэштегом, هاشتاق, هاشتاغ, وسم, باستخدام, مع, हैशटैग, etiketi,
    ハッシュタグ, 해시태그, 使用, 加上, 带上, 帶上, 带, 帶, 标签, 標籤, 话题, 話題, แฮชแท็ก, พร้อม,
    ติด
"""  # no message: what is read
BETWEEN: Final = """
    the, our, this, a, an, el, la, los, las, nuestro, o, os, as, nosso, dem, den, das, der, unserem,
    le, les, notre, il, lo, i, de, het, और, و, and, &, +, y, e, und, et, ve, и
"""  # no message: what is read
# Words right behind a hashtag by which it is asked for.
WITH_BEHIND: Final = """
    ile, etiketiyle, etiketini, etiketi, hashtagiyle, hashtagini, hashtagi, hashtag'i, hashtag'iyle,
    kullanarak, yazarak, yazıp, yazınız, yazmak, yazman, yazmanız, yazmayı, ekle, ekleyin, ekleyip,
    eklemek, eklemeyi, kullan, kullanın, kullanıp, kullanmak, kullanmayı, लिखें, लिखो, लिखिए, लिखकर,
    जोड़ें, लगाएं, लगाएँ, के साथ, हैशटैग, をつけて, を付けて, つけて, 付けて, をつけ, を付け,
    を使って, を添えて, を入れて, 를 달고, 을 달고, 를 붙여, 을 붙여, 와 함께, 과 함께, 标签, 標籤,
    话题, 話題
"""  # no message: what is read
# The same, where nothing but the end of the clause or an "and" follows: "yaz" is "write", and summer too.
WITH_LAST: Final = "yaz, yazın, schreiben, kommentieren, verwenden, gebruiken"  # no message: what is read
# What may follow these.
AND: Final = "ve, ardından, sonra, yeterli, yeter, und, en"  # no message: what is read
# What says that somebody else is spoken to between a rule and a name.
ELSEWHERE: Final = (
    "reply, to, by, from, thanks, courtesy, winner, winners, ask, dm"  # no message: what is read
)
# Either will do: no filter of a draw says that.
OR: Final = """
    or, o, ou, oder, of, veya, ya da, ya, или, أو, या, または, もしくは, 또는, 或, หรือ
"""  # no message: what is read
# Right behind "follow", without a name after them: what is followed is rules or a link, and nobody.
NO_ACCOUNT: Final = """
    the, these, this, along, up, las, los, estas, estos, as, os, die, den, der, les, ces, le, la, i
"""  # no message: what is read
