#include "ui/pages/chat_view.h"

#include "ui/models/conversation_model.h"
#include "ui/widgets/looks.h"

#include <QEvent>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextFrame>

namespace bs::ui {

namespace {

constexpr int kPadding = 12;

bool isUser(const QModelIndex& index)
{
    return index.data(ConversationModel::SpeakerRole).toString() == QLatin1String("user");
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
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
}

void ChatView::setConversation(QAbstractItemModel* model)
{
    m_model = model;
    connect(model, &QAbstractItemModel::modelReset, this, &ChatView::rebuild);
    connect(model, &QAbstractItemModel::rowsRemoved, this, &ChatView::rebuild);
    connect(model, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex&, int first, int last) {
                for (int row = first; row <= last; ++row)
                    addRow(row);
                keepAtEnd(true);
            });
    connect(model, &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex&, const QModelIndex& bottom) { updateRow(bottom.row()); });
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
    m_shownRows = 0;
    for (int row = 0; row < m_model->rowCount(); ++row)
        addRow(row);
    keepAtEnd(true);
    m_building = false;
}

void ChatView::addRow(int row)
{
    const QModelIndex index = m_model->index(row, 0);
    const bool user = isUser(index);
    if (row == 0) hideFirstBlock();
    QTextCursor cursor(document());
    cursor.movePosition(QTextCursor::End);

    if (user) {
        QTextFrameFormat frame;
        frame.setBackground(tintedBase(palette()));
        frame.setPadding(kPadding);
        frame.setTopMargin(row == 0 ? 0 : 10);
        frame.setBottomMargin(8);
        frame.setBorder(0);
        cursor.insertFrame(frame);
    }
    QTextBlockFormat heading;
    heading.setTopMargin(0);
    heading.setBottomMargin(3);
    heading.setLeftMargin(user ? 0 : kPadding);
    heading.setRightMargin(user ? 0 : kPadding);
    QTextCharFormat name;
    name.setFontWeight(QFont::DemiBold);
    name.setForeground(user ? accentText(palette()) : quietText(palette()));
    name.setFontPointSize(font().pointSizeF() * 0.92);
    // A frame is followed by an empty block of its own: that one is taken.
    if (user || cursor.block().text().isEmpty())
        cursor.setBlockFormat(heading);
    else
        cursor.insertBlock(heading);
    cursor.insertText(user ? tr("You") : tr("Model"), name);

    QTextBlockFormat body;
    body.setLeftMargin(heading.leftMargin());
    body.setRightMargin(heading.rightMargin());
    body.setLineHeight(125, QTextBlockFormat::ProportionalHeight);
    QTextCharFormat plain;
    plain.setForeground(palette().color(QPalette::Text));
    plain.setFontPointSize(font().pointSizeF());
    cursor.insertBlock(body, plain);
    const QString text = index.data(Qt::DisplayRole).toString();
    cursor.insertText(text, plain);
    m_shownRows = row + 1;
    m_shownLength = text.size();
    m_noteShown = false;
    const QString note = index.data(ConversationModel::NoteRole).toString();
    if (!note.isEmpty()) addNote(note);
}

/// A document begins with a block, also where a frame comes first.
void ChatView::hideFirstBlock()
{
    QTextBlockFormat thin;
    thin.setLineHeight(1, QTextBlockFormat::FixedHeight);
    QTextCursor(document()).setBlockFormat(thin);
}

void ChatView::addNote(const QString& note)
{
    QTextCursor cursor(document());
    cursor.movePosition(QTextCursor::End);
    QTextBlockFormat block;
    block.setLeftMargin(kPadding);
    block.setTopMargin(6);
    block.setBottomMargin(6);
    QTextCharFormat format;
    format.setForeground(quietText(palette()));
    format.setFontPointSize(font().pointSizeF() * 0.85);
    cursor.insertBlock(block, format);
    cursor.insertText(note, format);
    m_noteShown = true;
}

/// Only the last row ever changes: its text grows, then its note comes.
void ChatView::updateRow(int row)
{
    if (row != m_shownRows - 1) return;
    const bool atEnd = isAtEnd();
    const QModelIndex index = m_model->index(row, 0);
    const QString text = index.data(Qt::DisplayRole).toString();
    if (text.size() > m_shownLength && !m_noteShown) {
        QTextCursor cursor(document());
        cursor.movePosition(QTextCursor::End);
        cursor.insertText(text.mid(m_shownLength));
        m_shownLength = text.size();
    }
    const QString note = index.data(ConversationModel::NoteRole).toString();
    if (!note.isEmpty() && !m_noteShown) addNote(note);
    keepAtEnd(atEnd);
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
