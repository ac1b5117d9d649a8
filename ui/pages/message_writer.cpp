#include "ui/pages/message_writer.h"

#include "ui/models/conversation_model.h"
#include "ui/widgets/looks.h"
#include "ui/widgets/markdown_text.h"

#include <QTextCursor>

namespace bs::ui {

namespace {

constexpr int kPadding = 12;

bool isUser(const QModelIndex& index)
{
    return index.data(ConversationModel::SpeakerRole).toString() == QLatin1String("user");
}

QString link(const char* verb, int row, int argument = 0)
{
    return QStringLiteral("%1:%2/%3/%4")
        .arg(QLatin1String(MessageWriter::kScheme), QLatin1String(verb))
        .arg(row)
        .arg(argument);
}

QTextCharFormat linkFormat(const QTextCharFormat& like, const QPalette& palette,
                           const QString& href, const QString& tip)
{
    QTextCharFormat format = like;
    format.setAnchor(true);
    format.setAnchorHref(href);
    format.setToolTip(tip);
    format.setFontWeight(QFont::Normal);
    format.setForeground(accentText(palette));
    return format;
}

} // namespace

MessageWriter::MessageWriter(const QAbstractItemModel* model, const QFont& font,
                             const QPalette& palette)
    : m_model(model)
    , m_font(font)
    , m_palette(palette)
{
}

QTextFrameFormat MessageWriter::frame(int row) const
{
    QTextFrameFormat format;
    if (isUser(m_model->index(row, 0))) format.setBackground(tintedBase(m_palette));
    format.setPadding(kPadding);
    format.setTopMargin(row == 0 ? 0 : 8);
    format.setBorder(0);
    return format;
}

void MessageWriter::heading(QTextCursor& cursor, int row) const
{
    const QModelIndex index = m_model->index(row, 0);
    const bool user = isUser(index);
    QTextBlockFormat block;
    block.setBottomMargin(3);
    cursor.setBlockFormat(block);
    QTextCharFormat name;
    name.setFontWeight(QFont::DemiBold);
    name.setForeground(user ? accentText(m_palette) : quietText(m_palette));
    name.setFontPointSize(m_font.pointSizeF() * 0.92);
    QTextCharFormat small = name;
    small.setFontWeight(QFont::Normal);
    small.setForeground(quietText(m_palette));
    small.setFontPointSize(m_font.pointSizeF() * 0.85);
    cursor.insertText(user ? tr("You") : tr("Model"), name);
    const auto addLink = [&](const QString& text, const QString& href, const QString& tip) {
        cursor.insertText(QStringLiteral("    "), small);
        cursor.insertText(text, linkFormat(small, m_palette, href, tip));
    };
    const int versions = index.data(ConversationModel::VersionsRole).toInt();
    const int version = index.data(ConversationModel::VersionRole).toInt();
    if (versions > 1) {
        addLink(QStringLiteral("\u2039"), link("version", row, -1), tr("The version before"));
        cursor.insertText(QStringLiteral(" %1/%2 ").arg(version).arg(versions), small);
        cursor.insertText(QStringLiteral("\u203a"),
                          linkFormat(small, m_palette, link("version", row, 1),
                                     tr("The version after this one")));
    }
    if (index.data(ConversationModel::PendingRole).toBool()) return;
    if (user) {
        addLink(tr("Edit"), link("edit", row),
                tr("Ask with another text; this one is kept as a version"));
    } else {
        addLink(tr("Regenerate"), link("regenerate", row),
                tr("Make this answer again; this one is kept as a version"));
        addLink(tr("Branch from here"), link("branch", row),
                tr("Go on from here; what follows now is kept"));
    }
    addLink(tr("Copy"), link("copy", row), tr("Copy this message"));
}

QStringList MessageWriter::body(QTextCursor& cursor, int row) const
{
    const QModelIndex index = m_model->index(row, 0);
    const QString text = index.data(Qt::DisplayRole).toString();
    QTextCharFormat plain;
    plain.setForeground(m_palette.color(QPalette::Text));
    plain.setFontPointSize(m_font.pointSizeF());
    QTextBlockFormat block;
    block.setLineHeight(125, QTextBlockFormat::ProportionalHeight);
    cursor.insertBlock(block, plain);
    if (isUser(index)) {
        cursor.insertText(text, plain);
        return {};
    }
    const MarkdownText answer =
        markdownText(text, m_font, m_palette,
                     QStringLiteral("%1:code/%2/").arg(QLatin1String(kScheme)).arg(row));
    cursor.insertFragment(answer.fragment);
    return answer.codes;
}

void MessageWriter::note(QTextCursor& cursor, int row) const
{
    const QModelIndex index = m_model->index(row, 0);
    QTextBlockFormat block;
    block.setTopMargin(6);
    QTextCharFormat format;
    format.setForeground(quietText(m_palette));
    format.setFontPointSize(m_font.pointSizeF() * 0.85);
    const QString note = index.data(ConversationModel::NoteRole).toString();
    if (!note.isEmpty()) {
        cursor.insertBlock(block, format);
        cursor.insertText(note, format);
    }
    const int ways = index.data(ConversationModel::WaysOnRole).toInt();
    if (ways == 0) return;
    cursor.insertBlock(block, format);
    cursor.insertText(tr("The next prompt goes on from here.") + QStringLiteral("    "), format);
    cursor.insertText(tr("Show how it went on"),
                      linkFormat(format, m_palette, link("on", row), tr("Leave this branch")));
}

} // namespace bs::ui
