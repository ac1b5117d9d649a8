#include "ui/widgets/markdown_text.h"

#include "ui/models/translate.h"
#include "ui/widgets/looks.h"

#include <QFontDatabase>
#include <QTextBlock>
#include <QTextDocument>
#include <QTextTable>
#include <QUrl>

namespace bs::ui {

namespace {

/// Nested deeper than this it is no answer but an accident (or an attack: layout recurses).
constexpr int kMostNesting = 40;
/// Strokes between cells of tables. Making one takes time by the square of its rows: 4000 rows of
/// two cells six seconds, this many strokes some 20 ms.
constexpr qsizetype kMostCells = 800;
/// Backticks. Pairing them takes time by their square: 20000 that match nothing nearly two minutes.
constexpr qsizetype kMostTicks = 600;
/// An invisible sign that keeps a code block apart from the one right behind it.
constexpr QChar kApart(0x2063);

/// Asks nobody for pictures or style sheets.
class ClosedDocument : public QTextDocument
{
protected:
    QVariant loadResource(int, const QUrl&) override { return {}; }
};

/// Whether quotes or lists are nested so deep, or tables so large, that it is better shown as it
/// is.
bool isSane(const QString& text)
{
    if (text.size() > kMostMarkdown || text.count(QLatin1Char('|')) > kMostCells ||
        text.count(QLatin1Char('`')) > kMostTicks)
        return false;
    int depth = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text.at(i);
        const bool spaceNext = i + 1 < text.size() && text.at(i + 1) == QLatin1Char(' ');
        if (c == QLatin1Char('>') || (spaceNext && QStringLiteral("*+-.)").contains(c)))
            ++depth;
        else if (!c.isDigit() && c != QLatin1Char(' '))
            depth = 0;
        if (depth > kMostNesting) return false;
    }
    return true;
}

bool isFence(const QString& line)
{
    const QString text = line.trimmed();
    return text.startsWith(QLatin1String("```")) || text.startsWith(QLatin1String("~~~"));
}

/// Whether the next line that is not empty begins code.
bool isCodeNext(const QStringList& lines, qsizetype from)
{
    while (from < lines.size() && lines.at(from).trimmed().isEmpty())
        ++from;
    return from < lines.size() &&
           (isFence(lines.at(from)) || lines.at(from).startsWith(QLatin1String("    ")));
}

/// In a conversation a line that ends is meant to end, as in a poem; Markdown would join it with
/// the next one. Code stays as it is.
QString withLineEnds(const QString& text)
{
    QStringList lines = text.split(QLatin1Char('\n'));
    bool code = false;
    for (qsizetype i = 0; i + 1 < lines.size(); ++i) {
        if (isFence(lines.at(i))) {
            code = !code;
            if (!code && isCodeNext(lines, i + 1))
                lines[i] += QStringLiteral("\n\n") + kApart + QStringLiteral("\n");
        }
        const bool indented = lines.at(i).startsWith(QLatin1String("    ")) ||
                              lines.at(i).startsWith(QLatin1Char('\t'));
        if (code || indented || isFence(lines.at(i)) || lines.at(i).trimmed().isEmpty() ||
            lines.at(i + 1).trimmed().isEmpty())
            continue;
        lines[i] += QLatin1String("  ");
    }
    return lines.join(QLatin1Char('\n'));
}

bool isAllowed(const QString& link)
{
    const QString scheme = QUrl(link).scheme().toLower();
    return scheme == QLatin1String("http") || scheme == QLatin1String("https") ||
           scheme == QLatin1String("mailto");
}

bool isCode(const QTextBlock& block)
{
    const QTextBlockFormat format = block.blockFormat();
    return format.hasProperty(QTextFormat::BlockCodeFence) ||
           format.hasProperty(QTextFormat::BlockCodeLanguage);
}

struct Piece
{
    int position;
    int length;
    QTextCharFormat format;
};

QList<Piece> piecesOf(const QTextDocument& document)
{
    QList<Piece> pieces;
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next())
        for (auto at = block.begin(); !at.atEnd(); ++at)
            pieces.append(
                {at.fragment().position(), at.fragment().length(), at.fragment().charFormat()});
    return pieces;
}

/// Pictures become their description, links elsewhere than to the web plain text.
void disarm(QTextDocument& document, const QPalette& palette)
{
    const QList<Piece> pieces = piecesOf(document);
    for (auto piece = pieces.rbegin(); piece != pieces.rend(); ++piece) { // from the end: positions
        QTextCursor cursor(&document);
        cursor.setPosition(piece->position);
        cursor.setPosition(piece->position + piece->length, QTextCursor::KeepAnchor);
        if (piece->format.isImageFormat()) {
            const QString name = piece->format.stringProperty(QTextFormat::ImageAltText);
            cursor.insertText(name.isEmpty() ? tr("[picture]") : tr("[picture: %1]").arg(name),
                              QTextCharFormat());
        } else if (piece->format.isAnchor() && !isAllowed(piece->format.anchorHref())) {
            QTextCharFormat plain = piece->format;
            plain.setAnchor(false);
            for (const auto property :
                 {QTextFormat::AnchorHref, QTextFormat::AnchorName, QTextFormat::TextToolTip,
                  QTextFormat::ForegroundBrush, QTextFormat::TextUnderlineStyle,
                  QTextFormat::FontUnderline})
                plain.clearProperty(property);
            cursor.setCharFormat(plain);
        } else if (piece->format.isAnchor()) {
            QTextCharFormat link;
            link.setForeground(accentText(palette));
            cursor.mergeCharFormat(link);
        }
    }
}

class CodeStyler
{
    Q_DECLARE_TR_FUNCTIONS(bs::ui::CodeStyler)

public:
    CodeStyler(QTextDocument& document, const QFont& font, const QPalette& palette,
               const QString& link)
        : m_document(document)
        , m_palette(palette)
        , m_link(link)
        , m_size(font.pointSizeF() * 0.95)
    {
    }

    QStringList run()
    {
        const QList<Code> codes = find();
        QStringList texts;
        for (const Code& code : codes)
            texts.append(code.text);
        for (qsizetype i = codes.size() - 1; i >= 0; --i) // from the end: positions
            style(codes.at(i), static_cast<int>(i));
        return texts;
    }

private:
    struct Code
    {
        int begin; ///< position in the first block
        int end;   ///< position in the last one
        QString language;
        QString text;
    };

    QList<Code> find() const
    {
        QList<Code> codes;
        QTextBlock block = m_document.begin();
        while (block.isValid()) {
            if (!isCode(block)) {
                block = block.next();
                continue;
            }
            Code code{block.position(),
                      0,
                      block.blockFormat().stringProperty(QTextFormat::BlockCodeLanguage),
                      {}};
            const QVariant fence = block.blockFormat().property(QTextFormat::BlockCodeFence);
            QStringList lines;
            for (; block.isValid() && isCode(block) &&
                   block.blockFormat().property(QTextFormat::BlockCodeFence) == fence;
                 block = block.next()) {
                lines.append(block.text());
                code.end = block.position() + block.length() - 1;
            }
            code.text = lines.join(QLatin1Char('\n'));
            codes.append(code);
        }
        return codes;
    }

    /// A frame of its own, the heading in it as its first line.
    void style(const Code& code, int number)
    {
        QTextCursor cursor(&m_document);
        cursor.setPosition(code.begin);
        cursor.setPosition(code.end, QTextCursor::KeepAnchor);
        QTextBlockFormat line;
        line.setNonBreakableLines(false); // long ones wrap: nothing is cut off
        QTextCharFormat mono;
        mono.setFontFamilies(QFontDatabase::systemFont(QFontDatabase::FixedFont).families());
        mono.setFontFixedPitch(true);
        mono.setFontPointSize(m_size);
        cursor.mergeCharFormat(mono);
        cursor.mergeBlockFormat(line);
        QTextFrameFormat box;
        box.setBackground(tintedBase(m_palette));
        box.setPadding(7);
        box.setTopMargin(2);
        box.setBottomMargin(6);
        box.setBorder(0);
        QTextFrame* const frame = cursor.insertFrame(box);
        thin(frame->firstPosition() - 1);
        addHeading(frame->firstCursorPosition(), code.language, number);
    }

    /// The block before a frame is there for its sake only, unless it holds something.
    void thin(int position)
    {
        const QTextBlock block = m_document.findBlock(position);
        if (!block.isValid() || block.length() > 1) return;
        QTextBlockFormat format;
        format.setLineHeight(1, QTextBlockFormat::FixedHeight);
        QTextCursor(block).setBlockFormat(format);
    }

    void addHeading(QTextCursor cursor, const QString& language, int number) const
    {
        cursor.insertBlock();
        cursor.movePosition(QTextCursor::PreviousBlock);
        QTextBlockFormat format;
        format.setBottomMargin(3);
        cursor.setBlockFormat(format);
        QTextCharFormat quiet;
        quiet.setForeground(quietText(m_palette));
        quiet.setFontPointSize(m_size * 0.9);
        if (!language.isEmpty()) cursor.insertText(language + QStringLiteral("    "), quiet);
        QTextCharFormat link = quiet;
        link.setAnchor(true);
        link.setAnchorHref(m_link + QString::number(number));
        link.setForeground(accentText(m_palette));
        cursor.insertText(tr("Copy code"), link);
    }

    QTextDocument& m_document;
    QPalette m_palette;
    QString m_link;
    double m_size;
};

/// Thin lines and some room, in the palette's colours.
void styleTables(const QTextFrame* frame, const QPalette& palette)
{
    for (QTextFrame* const child : frame->childFrames()) {
        if (auto* const table = qobject_cast<QTextTable*>(child)) {
            QTextTableFormat format = table->format();
            format.setBorderCollapse(true);
            format.setBorder(1);
            format.setBorderStyle(QTextFrameFormat::BorderStyle_Solid);
            format.setBorderBrush(quietText(palette));
            format.setCellPadding(4);
            format.setCellSpacing(0);
            format.setBottomMargin(8);
            table->setFormat(format);
        }
        styleTables(child, palette);
    }
}

/// Space between paragraphs in measure with the font, and readable lines.
void space(QTextDocument& document)
{
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        if (isCode(block)) continue;
        QTextBlockFormat format = block.blockFormat();
        if (block.text() == QString(kApart)) {
            format.setLineHeight(1, QTextBlockFormat::FixedHeight);
            QTextCursor cursor(block);
            cursor.setBlockFormat(format);
            cursor.deleteChar();
            continue;
        }
        format.setLineHeight(125, QTextBlockFormat::ProportionalHeight);
        format.setTopMargin(block == document.begin() ? 0 : format.topMargin() * 0.5);
        format.setBottomMargin(block.textList() != nullptr ? 2 : 6);
        QTextCursor(block).setBlockFormat(format);
    }
}

} // namespace

MarkdownText markdownText(const QString& text, const QFont& font, const QPalette& palette,
                          const QString& codeLink)
{
    ClosedDocument document;
    document.setUndoRedoEnabled(false);
    document.setDefaultFont(font);
    if (!isSane(text)) {
        document.setPlainText(text);
        return {QTextDocumentFragment(&document), {}};
    }
    document.setMarkdown(withLineEnds(text),
                         QTextDocument::MarkdownFeatures(QTextDocument::MarkdownDialectGitHub |
                                                         QTextDocument::MarkdownNoHTML));
    disarm(document, palette);
    space(document);
    styleTables(document.rootFrame(), palette);
    const QStringList codes = CodeStyler(document, font, palette, codeLink).run();
    return {QTextDocumentFragment(&document), codes};
}

} // namespace bs::ui
