#include "ui/pages/chat_view.h"

#include "ui/models/conversation_model.h"
#include "ui/widgets/looks.h"
#include "ui/widgets/markdown_text.h"

#include <QEvent>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextFrame>
#include <QUrl>

#include <algorithm>

namespace bs::ui {

namespace {

constexpr int kPadding = 12;
/// An answer that grows is laid out again for at most one part in so many of the time.
constexpr int kRenderShare = 12;
constexpr int kSliceMs = 20;
/// A longer one is only added to until it is whole.
constexpr qsizetype kMostLive = 12000;
const QString kScheme = QStringLiteral("message");

bool isUser(const QModelIndex& index)
{
    return index.data(ConversationModel::SpeakerRole).toString() == QLatin1String("user");
}

QString link(const char* verb, int row, int argument = 0)
{
    return QStringLiteral("%1:%2/%3/%4").arg(kScheme, QLatin1String(verb)).arg(row).arg(argument);
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

ChatView::ChatView(QWidget* parent)
    : QTextBrowser(parent)
{
    setObjectName(QStringLiteral("chatView"));
    setAccessibleName(tr("Conversation"));
    setOpenLinks(false);
    setFrameShape(QFrame::NoFrame);
    setUndoRedoEnabled(false);
    document()->setDocumentMargin(16);
    setTextInteractionFlags(Qt::TextBrowserInteraction | Qt::TextSelectableByKeyboard);
    m_renderTimer.setSingleShot(true);
    m_sliceTimer.setSingleShot(true);
    m_sliceTimer.setInterval(0);
    connect(&m_sliceTimer, &QTimer::timeout, this, &ChatView::addRows);
    connect(&m_renderTimer, &QTimer::timeout, this, &ChatView::renderLast);
    connect(this, &QTextBrowser::anchorClicked, this, &ChatView::followLink);
}

/// Neither files nor the net: a text is all there is.
QVariant ChatView::loadResource(int, const QUrl&)
{
    return {};
}

void ChatView::setConversation(QAbstractItemModel* model)
{
    m_model = model;
    connect(model, &QAbstractItemModel::modelReset, this, &ChatView::rebuild);
    connect(model, &QAbstractItemModel::rowsRemoved, this,
            [this](const QModelIndex&, int first) { cutFrom(first); });
    connect(model, &QAbstractItemModel::rowsInserted, this, &ChatView::addRows);
    connect(model, &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex&, const QModelIndex& bottom) { updateLast(bottom.row()); });
    rebuild();
}

void ChatView::setEmptyText(const QString& text)
{
    setPlaceholderText(text);
}

void ChatView::rebuild()
{
    if (m_model == nullptr) return;
    m_building = true;
    clear();
    m_shown.clear();
    thinLastBlock();
    addRows();
    m_building = false;
}

/// The end of the document from a row on; only ends ever change.
void ChatView::cutFrom(int row)
{
    m_renderTimer.stop();
    if (row == 0) {
        rebuild();
        return;
    }
    if (row >= m_shown.size()) return;
    QTextCursor cursor(document());
    cursor.setPosition(m_shown.at(row).start);
    cursor.movePosition(QTextCursor::End, QTextCursor::KeepAnchor);
    cursor.removeSelectedText();
    m_shown.resize(row);
    thinLastBlock();
}

/// Before, between and behind frames a document has blocks of its own.
void ChatView::thinLastBlock()
{
    QTextCursor cursor(document());
    cursor.movePosition(QTextCursor::End);
    QTextBlockFormat thin;
    thin.setLineHeight(1, QTextBlockFormat::FixedHeight);
    cursor.setBlockFormat(thin);
}

/// Adds what is not on screen yet; a long conversation by and by, or the window would stand still.
void ChatView::addRows()
{
    QElapsedTimer timer;
    timer.start();
    while (m_shown.size() < m_model->rowCount()) {
        if (timer.elapsed() > kSliceMs) {
            m_sliceTimer.start();
            break;
        }
        addRow(static_cast<int>(m_shown.size()));
    }
    keepAtEnd(true);
}

void ChatView::addRow(int row)
{
    QTextCursor cursor(document());
    cursor.beginEditBlock();
    cursor.movePosition(QTextCursor::End);
    Shown shown;
    shown.start = cursor.position();
    QTextFrameFormat format;
    if (isUser(m_model->index(row, 0))) format.setBackground(tintedBase(palette()));
    format.setPadding(kPadding);
    format.setTopMargin(row == 0 ? 0 : 8);
    format.setBorder(0);
    QTextFrame* const frame = cursor.insertFrame(format);
    cursor = frame->firstCursorPosition();
    addHeading(cursor, row);
    shown.body = cursor.position();
    m_shown.append(shown);
    addBody(cursor, row);
    thinLastBlock();
    cursor.endEditBlock();
}

void ChatView::addHeading(QTextCursor& cursor, int row)
{
    const QModelIndex index = m_model->index(row, 0);
    const bool user = isUser(index);
    QTextBlockFormat block;
    block.setBottomMargin(3);
    cursor.setBlockFormat(block);
    QTextCharFormat name;
    name.setFontWeight(QFont::DemiBold);
    name.setForeground(user ? accentText(palette()) : quietText(palette()));
    name.setFontPointSize(font().pointSizeF() * 0.92);
    QTextCharFormat small = name;
    small.setFontWeight(QFont::Normal);
    small.setForeground(quietText(palette()));
    small.setFontPointSize(font().pointSizeF() * 0.85);
    cursor.insertText(user ? tr("You") : tr("Model"), name);
    const auto addLink = [&](const QString& text, const QString& href, const QString& tip) {
        cursor.insertText(QStringLiteral("    "), small);
        cursor.insertText(text, linkFormat(small, palette(), href, tip));
    };
    const int versions = index.data(ConversationModel::VersionsRole).toInt();
    const int version = index.data(ConversationModel::VersionRole).toInt();
    if (versions > 1) {
        addLink(QStringLiteral("\u2039"), link("version", row, -1), tr("The version before"));
        cursor.insertText(QStringLiteral(" %1/%2 ").arg(version).arg(versions), small);
        cursor.insertText(QStringLiteral("\u203a"),
                          linkFormat(small, palette(), link("version", row, 1),
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

void ChatView::addBody(QTextCursor& cursor, int row)
{
    const QModelIndex index = m_model->index(row, 0);
    const QString text = index.data(Qt::DisplayRole).toString();
    QTextCharFormat plain;
    plain.setForeground(palette().color(QPalette::Text));
    plain.setFontPointSize(font().pointSizeF());
    QTextBlockFormat block;
    block.setLineHeight(125, QTextBlockFormat::ProportionalHeight);
    cursor.insertBlock(block, plain);
    if (isUser(index)) {
        cursor.insertText(text, plain);
    } else {
        MarkdownText answer = markdownText(text, font(), palette(),
                                           QStringLiteral("%1:code/%2/").arg(kScheme).arg(row));
        cursor.insertFragment(answer.fragment);
        m_shown[row].codes = answer.codes;
    }
    m_shownLength = text.size();
    addNote(cursor, row);
}

void ChatView::addNote(QTextCursor& cursor, int row)
{
    const QModelIndex index = m_model->index(row, 0);
    QTextBlockFormat block;
    block.setTopMargin(6);
    QTextCharFormat format;
    format.setForeground(quietText(palette()));
    format.setFontPointSize(font().pointSizeF() * 0.85);
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
                      linkFormat(format, palette(), link("on", row), tr("Leave this branch")));
}

/// Only the last row ever changes: its text grows, then its note comes.
void ChatView::updateLast(int row)
{
    if (row != m_shown.size() - 1 || row != m_model->rowCount() - 1) return;
    const QModelIndex index = m_model->index(row, 0);
    const QString text = index.data(Qt::DisplayRole).toString();
    const bool pending = index.data(ConversationModel::PendingRole).toBool();
    if (!pending && text.size() > kMostMarkdown && text.size() >= m_shownLength) {
        appendPlain(text.mid(m_shownLength));
        finishInPlace(row);
    } else if (!pending) {
        const bool atEnd = isAtEnd();
        cutFrom(row);
        addRow(row);
        keepAtEnd(atEnd);
    } else if (text.size() > kMostLive || textCursor().hasSelection()) {
        appendPlain(text.mid(m_shownLength)); // and what is selected stays so
    } else if (!m_renderTimer.isActive()) {
        const qint64 wait = m_renderMs * kRenderShare -
                            (m_sinceRender.isValid() ? m_sinceRender.elapsed() : m_renderMs);
        m_renderTimer.start(static_cast<int>(std::clamp<qint64>(wait, 0, 1000)));
    }
}

void ChatView::renderLast()
{
    const int row = static_cast<int>(m_shown.size()) - 1;
    if (row < 0 || row != m_model->rowCount() - 1) return;
    QElapsedTimer timer;
    timer.start();
    const bool atEnd = isAtEnd();
    QTextCursor cursor(document());
    cursor.beginEditBlock();
    cursor.setPosition(m_shown.at(row).body);
    cursor.setPosition(frameOf(row)->lastPosition(), QTextCursor::KeepAnchor);
    cursor.removeSelectedText();
    addBody(cursor, row);
    cursor.endEditBlock();
    keepAtEnd(atEnd);
    m_renderMs = timer.elapsed() + 1;
    m_sinceRender.start();
}

QTextFrame* ChatView::frameOf(int row) const
{
    QTextCursor cursor(document());
    cursor.setPosition(m_shown.at(row).start + 1);
    return cursor.currentFrame();
}

void ChatView::appendPlain(const QString& text)
{
    if (text.isEmpty()) return;
    const bool atEnd = isAtEnd();
    QTextCursor cursor(document());
    cursor.setPosition(frameOf(static_cast<int>(m_shown.size()) - 1)->lastPosition());
    cursor.insertText(text);
    m_shownLength += text.size();
    keepAtEnd(atEnd);
}

/// A long answer is not laid out again at its end (half a second for 100000 tokens): its heading
/// gets its links, and the note comes below. Two edits: as one, all between them is laid out again.
void ChatView::finishInPlace(int row)
{
    const bool atEnd = isAtEnd();
    QTextCursor cursor(document());
    QTextFrame* const frame = frameOf(row);
    cursor.beginEditBlock();
    cursor.setPosition(frame->lastPosition());
    addNote(cursor, row);
    cursor.endEditBlock();
    cursor.beginEditBlock();
    cursor.setPosition(frame->firstPosition());
    cursor.setPosition(m_shown.at(row).body, QTextCursor::KeepAnchor);
    cursor.removeSelectedText();
    addHeading(cursor, row);
    m_shown[row].body = cursor.position();
    cursor.endEditBlock();
    keepAtEnd(atEnd);
}

void ChatView::followLink(const QUrl& url)
{
    if (url.scheme() != kScheme) {
        Q_EMIT webLinkClicked(url);
        return;
    }
    const QStringList parts = url.path().split(QLatin1Char('/'));
    if (parts.size() != 3) return;
    const QString verb = parts.at(0);
    const int row = parts.at(1).toInt();
    const int argument = parts.at(2).toInt();
    if (row < 0 || row >= m_shown.size()) return;
    // What follows may take the link away: it is done when the click is over.
    const auto later = [this](auto&& action) {
        QMetaObject::invokeMethod(this, std::forward<decltype(action)>(action),
                                  Qt::QueuedConnection);
    };
    if (verb == QLatin1String("edit")) later([=, this] { Q_EMIT editRequested(row); });
    if (verb == QLatin1String("regenerate")) later([=, this] { Q_EMIT regenerateRequested(row); });
    if (verb == QLatin1String("branch")) later([=, this] { Q_EMIT branchRequested(row); });
    if (verb == QLatin1String("version"))
        later([=, this] { Q_EMIT versionRequested(row, argument); });
    if (verb == QLatin1String("on")) later([this] { Q_EMIT wayOnRequested(); });
    if (verb == QLatin1String("copy"))
        Q_EMIT copyRequested(m_model->index(row, 0).data(Qt::DisplayRole).toString());
    if (verb == QLatin1String("code")) Q_EMIT copyRequested(m_shown.at(row).codes.value(argument));
}

bool ChatView::isAtEnd() const
{
    return verticalScrollBar()->value() >= verticalScrollBar()->maximum() - 24;
}

/// Follows the answer, but leaves a reader who scrolled up alone.
void ChatView::keepAtEnd(bool wasAtEnd)
{
    if (wasAtEnd) verticalScrollBar()->setValue(verticalScrollBar()->maximum());
}

void ChatView::changeEvent(QEvent* event)
{
    QTextBrowser::changeEvent(event);
    if (!m_building &&
        (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange))
        rebuild();
}

} // namespace bs::ui
