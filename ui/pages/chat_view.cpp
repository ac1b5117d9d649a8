#include "ui/pages/chat_view.h"

#include "ui/models/conversation_model.h"
#include "ui/widgets/markdown_text.h"

#include <QEvent>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextFrame>
#include <QUrl>

#include <algorithm>

namespace bs::ui {

namespace {

/// An answer that grows is laid out again for at most one part in so many of the time.
constexpr int kRenderShare = 12;
constexpr int kSliceMs = 20;
/// A longer one is only added to until it is whole.
constexpr qsizetype kMostLive = 12000;

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
    QTextFrame* const frame = cursor.insertFrame(writer().frame(row));
    cursor = frame->firstCursorPosition();
    writer().heading(cursor, row);
    shown.body = cursor.position();
    m_shown.append(shown);
    addBody(cursor, row);
    thinLastBlock();
    cursor.endEditBlock();
}

void ChatView::addBody(QTextCursor& cursor, int row)
{
    m_shown[row].codes = writer().body(cursor, row);
    m_shownLength = m_model->index(row, 0).data(Qt::DisplayRole).toString().size();
    writer().note(cursor, row);
}

MessageWriter ChatView::writer() const
{
    return {m_model, font(), palette()};
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
    writer().note(cursor, row);
    cursor.endEditBlock();
    cursor.beginEditBlock();
    cursor.setPosition(frame->firstPosition());
    cursor.setPosition(m_shown.at(row).body, QTextCursor::KeepAnchor);
    cursor.removeSelectedText();
    writer().heading(cursor, row);
    m_shown[row].body = cursor.position();
    cursor.endEditBlock();
    keepAtEnd(atEnd);
}

void ChatView::followLink(const QUrl& url)
{
    if (url.scheme() != QLatin1String(MessageWriter::kScheme)) {
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
