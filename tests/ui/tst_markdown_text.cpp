#include "tests/support/qt_warnings.h"
#include "ui/models/conversation_model.h"
#include "ui/pages/chat_view.h"
#include "ui/widgets/markdown_text.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QImage>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBlock>
#include <QTextTable>

using namespace bs::ui;

/// Markdown that a model wrote: shown, never obeyed.
class TstMarkdownText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { bs::test::QtWarnings::watch(); }
    void cleanup() { QCOMPARE(m_warnings.take(), QString()); }

    void textIsLaidOut()
    {
        render(QStringLiteral("# Title\n\nSome **bold** text\nin two lines\n\n- one\n- two\n\n"
                              "| a | b |\n|---|---|\n| 1 | 2 |"));
        QCOMPARE(m_document->begin().blockFormat().headingLevel(), 1);
        QVERIFY(m_document->toPlainText().contains(QStringLiteral("Some bold text\nin two lines")));
        QVERIFY(!m_document->find(QStringLiteral("bold")).isNull());
        QCOMPARE(m_document->find(QStringLiteral("bold")).charFormat().fontWeight(),
                 int(QFont::Bold));
        QCOMPARE(m_document->find(QStringLiteral("two")).isNull(), false);
        QVERIFY(m_document->find(QStringLiteral("one")).block().textList() != nullptr);
        QVERIFY(m_document->find(QStringLiteral("1")).currentTable() != nullptr);
    }

    void codeIsKeptToTheCharacter()
    {
        const QString code = QStringLiteral("def f():\n\n    # <b> | *x*  \n    return 1 < 2");
        const QStringList codes = render(QStringLiteral("Before\n```python\n%1\n```\nafter\n\n"
                                                        "    indented\n\n~~~\nx\n~~~\n")
                                             .arg(code));
        QCOMPARE(codes, (QStringList{code, "indented", "x"}));
        QCOMPARE(links(), (QStringList{"code/0", "code/1", "code/2"}));
        QVERIFY(m_document->toPlainText().contains(QStringLiteral("python    Copy code")));
        // Right behind each other they are two.
        QCOMPARE(render(QStringLiteral("```\na\n```\n\n```\nb\n```\n```\nc\n```")),
                 (QStringList{"a", "b", "c"}));
        QVERIFY(!m_document->toPlainText().contains(QChar(0x2063)));
        // One that still grows.
        QCOMPARE(render(QStringLiteral("```c\nint x;\n")), QStringList{QStringLiteral("int x;")});
    }

    void htmlStandsAsText()
    {
        const QString html = QStringLiteral("<b>not bold</b> <img src=\"file:///x.png\"> "
                                            "<script>alert(1)</script>\n\n<div>\nblock\n</div>");
        render(html);
        for (const char* const part : {"<b>not bold</b>", "<img src=\"file:///x.png\">",
                                       "<script>alert(1)</script>", "<div>", "</div>"})
            QVERIFY2(m_document->toPlainText().contains(QLatin1String(part)), part);
        QCOMPARE(m_document->find(QStringLiteral("not bold")).charFormat().fontWeight(),
                 int(QFont::Normal));
        QCOMPARE(links(), QStringList());
    }

    void picturesAreNotLoaded()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("real.png"));
        QImage picture(40, 400, QImage::Format_RGB32);
        picture.fill(Qt::red);
        QVERIFY(picture.save(file));
        render(QStringLiteral("Look: ![a cat](%1) ![](file://%1) ![](http://localhost/x.png)")
                   .arg(file));
        QVERIFY(m_document->toPlainText().contains(QStringLiteral("[picture: a cat]")));
        for (QTextBlock block = m_document->begin(); block.isValid(); block = block.next())
            for (auto at = block.begin(); !at.atEnd(); ++at)
                QVERIFY(!at.fragment().charFormat().isImageFormat());
        ChatView view;
        QVERIFY(
            !view.loadResource(QTextDocument::ImageResource, QUrl::fromLocalFile(file)).isValid());
    }

    void linksLeadToTheWebOrNowhere()
    {
        render(QStringLiteral(
            "[web](https://example.org/a?b=1) [mail](mailto:a@b.c) [own](message:edit/0/0) "
            "[code](code/0) [file](file:///etc/passwd) [js](javascript:alert(1)) [here](#x) "
            "[data](data:text/html,x) http://auto.example"));
        QCOMPARE(links(),
                 (QStringList{"https://example.org/a?b=1", "mailto:a@b.c", "http://auto.example"}));
        QVERIFY(m_document->toPlainText().contains(QStringLiteral("web mail own code file js")));
    }

    void clickedLinkIsOnlyReported()
    {
        ConversationModel model;
        ChatView view;
        view.setConversation(&model);
        QSignalSpy web(&view, &ChatView::webLinkClicked);
        QSignalSpy edit(&view, &ChatView::editRequested);
        QSignalSpy copied(&view, &ChatView::copyRequested);
        ChatRow question;
        question.speaker = QStringLiteral("user");
        question.text = QStringLiteral("[x](message:edit/0/0)");
        ChatRow answer;
        answer.key = 1;
        answer.speaker = QStringLiteral("assistant");
        answer.text = QStringLiteral("```\ncode\n```");
        model.setRows({question, answer});
        Q_EMIT view.anchorClicked(QUrl(QStringLiteral("https://example.org")));
        QCOMPARE(web.count(), 1);
        QCOMPARE(view.source(), QUrl());
        Q_EMIT view.anchorClicked(QUrl(QStringLiteral("message:code/1/0")));
        QCOMPARE(copied.count(), 1);
        QCOMPARE(copied.first().first().toString(), QStringLiteral("code"));
        for (const char* const odd : {"message:edit/7/0", "message:edit/-1/0",
                                      "message:", "message:edit", "message:code/1/9"})
            Q_EMIT view.anchorClicked(QUrl(QLatin1String(odd)));
        QCoreApplication::processEvents();
        QCOMPARE(edit.count(), 0);
    }

    void longConversationsAreLaidOutByAndBy()
    {
        ConversationModel model;
        ChatView view;
        view.resize(600, 400);
        view.show();
        view.setConversation(&model);
        QList<ChatRow> rows;
        for (int i = 0; i < 300; ++i) {
            ChatRow row;
            row.key = i;
            row.speaker = i % 2 == 0 ? QStringLiteral("user") : QStringLiteral("assistant");
            row.text = QStringLiteral("**Row %1.** ").arg(i) +
                       QStringLiteral("Words and `code`. ").repeated(20) +
                       QStringLiteral("\n\n```\nx\n```\n");
            rows.append(row);
        }
        QElapsedTimer timer;
        timer.start();
        model.setRows(rows);
        QVERIFY2(timer.elapsed() < 200, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(view.toPlainText().contains(QStringLiteral("Row 0.")));
        QTRY_VERIFY_WITH_TIMEOUT(view.toPlainText().contains(QStringLiteral("Row 299.")), 20000);
        // Cut while it is still being laid out, and gone on with.
        model.setRows({});
        model.setRows(rows);
        rows.removeLast();
        model.setRows(rows);
        QTRY_VERIFY_WITH_TIMEOUT(view.toPlainText().contains(QStringLiteral("Row 298.")), 20000);
        QVERIFY(!view.toPlainText().contains(QStringLiteral("Row 299.")));
        QCOMPARE(view.toPlainText().count(QStringLiteral("Row 7.")), 1);
    }

    void hostileTextsTakeNoTime_data()
    {
        QTest::addColumn<QString>("text");
        const auto times = [](const char* piece, int count) {
            return QString::fromLatin1(piece).repeated(count);
        };
        QTest::newRow("quotes") << times(">", 20000) + QStringLiteral("x");
        QTest::newRow("spaced quotes") << times("> ", 20000) + QStringLiteral("x");
        QTest::newRow("lists") << times("* ", 20000) + QStringLiteral("x");
        QTest::newRow("numbers") << times("1. ", 15000) + QStringLiteral("x");
        QTest::newRow("brackets") << times("[", 40000);
        QTest::newRow("emphasis") << times("*a _b ", 8000);
        QTest::newRow("table") << QStringLiteral("|a|b|\n|-|-|\n") + times("|1|2|\n", 8000);
        QTest::newRow("wide table") << times("|a", 20000) + QLatin1Char('\n') + times("|-", 20000);
        QTest::newRow("backticks") << times("` ", 20000);
        QTest::newRow("long line") << times("x", 2'000'000);
        QTest::newRow("many lines") << times("a\n\n", 12000);
    }

    void hostileTextsTakeNoTime()
    {
        QFETCH(QString, text);
        QElapsedTimer timer;
        timer.start();
        render(text);
        QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(!m_document->isEmpty());
    }

private:
    QStringList render(const QString& text)
    {
        const MarkdownText made = markdownText(text, QApplication::font(), QApplication::palette(),
                                               QStringLiteral("code/"));
        m_document = std::make_unique<QTextDocument>();
        QTextCursor(m_document.get()).insertFragment(made.fragment);
        return made.codes;
    }

    QStringList links() const
    {
        QStringList all;
        for (QTextBlock block = m_document->begin(); block.isValid(); block = block.next())
            for (auto at = block.begin(); !at.atEnd(); ++at)
                if (at.fragment().charFormat().isAnchor())
                    all.append(at.fragment().charFormat().anchorHref());
        return all;
    }

    std::unique_ptr<QTextDocument> m_document;
    bs::test::QtWarnings m_warnings;
};

QTEST_MAIN(TstMarkdownText)
#include "tst_markdown_text.moc"
