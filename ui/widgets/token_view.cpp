#include "ui/widgets/token_view.h"

#include "ui/widgets/looks.h"

#include <QKeyEvent>
#include <QScrollBar>

#include <algorithm>

namespace bs::ui {

namespace {

/// Stands for the token that ends an answer, which has no text of its own.
const QString kEnd = QStringLiteral("■");

} // namespace

TokenView::TokenView(QWidget* parent)
    : QPlainTextEdit(parent)
{
    setReadOnly(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setTabChangesFocus(true);
    setMouseTracking(true);
    viewport()->setMouseTracking(true);
    setUndoRedoEnabled(false);
    document()->setDocumentMargin(8);
}

void TokenView::setTokens(const QStringList& tokens)
{
    QString text;
    m_ends.clear();
    for (qsizetype i = 0; i < tokens.size(); ++i) {
        const bool end = i + 1 == tokens.size() && tokens.at(i).isEmpty();
        text += end ? kEnd : tokens.at(i);
        m_ends.append(static_cast<int>(text.size()));
    }
    m_mark.reset();
    m_current.reset();
    if (text != toPlainText()) {
        const int at = verticalScrollBar()->value();
        setPlainText(text);
        verticalScrollBar()->setValue(at);
    }
    showSelections();
}

void TokenView::appendText(const QString& text)
{
    const bool follow = verticalScrollBar()->value() == verticalScrollBar()->maximum();
    QTextCursor end(document());
    end.movePosition(QTextCursor::End);
    end.insertText(text);
    if (follow) verticalScrollBar()->setValue(verticalScrollBar()->maximum());
}

void TokenView::setNote(const QString& note)
{
    setPlaceholderText(note);
    viewport()->update(); // Qt does not when one note takes the place of another
}

void TokenView::setMark(std::optional<qsizetype> token)
{
    m_mark = token;
    // Bold is the text's own: a selection changes colours and lines only.
    QTextCursor all(document());
    all.select(QTextCursor::Document);
    all.setCharFormat({});
    if (m_mark && *m_mark < m_ends.size()) {
        QTextCharFormat bold;
        bold.setFontWeight(QFont::Bold);
        cursorOf(*m_mark).mergeCharFormat(bold);
    }
    showSelections();
}

void TokenView::setCurrent(std::optional<qsizetype> token)
{
    if (token && *token >= m_ends.size()) token.reset();
    if (token == m_current) return;
    m_current = token;
    showSelections();
}

QTextCursor TokenView::cursorOf(qsizetype token) const
{
    QTextCursor cursor(document());
    cursor.setPosition(token > 0 ? m_ends.at(token - 1) : 0);
    cursor.setPosition(m_ends.at(token), QTextCursor::KeepAnchor);
    return cursor;
}

QRect TokenView::tokenRect(qsizetype token) const
{
    if (token >= m_ends.size()) return {};
    QTextCursor cursor = cursorOf(token);
    const QRect end = cursorRect(cursor);
    cursor.setPosition(cursor.anchor());
    const QRect begin = cursorRect(cursor);
    // A token that is broken over two lines is where it ends.
    const QRect rect = begin.top() == end.top() ? begin.united(end) : end;
    return rect.translated(viewport()->pos());
}

std::optional<qsizetype> TokenView::tokenAt(int position) const
{
    const auto after = std::upper_bound(m_ends.begin(), m_ends.end(), position);
    if (after == m_ends.end()) return std::nullopt;
    return after - m_ends.begin();
}

void TokenView::showSelections()
{
    QList<QTextEdit::ExtraSelection> selections;
    const auto select = [&](qsizetype token, const QColor& background,
                            QTextCharFormat::UnderlineStyle line) {
        QTextEdit::ExtraSelection selection;
        selection.cursor = cursorOf(token);
        selection.format.setBackground(background);
        selection.format.setUnderlineStyle(line);
        selection.format.setUnderlineColor(palette().color(QPalette::Text));
        selections.append(selection);
    };
    const QColor accent = palette().color(QPalette::Highlight);
    const auto tint = [&](int alpha) {
        return QColor(accent.red(), accent.green(), accent.blue(), alpha);
    };
    if (m_mark && *m_mark < m_ends.size())
        select(*m_mark, tint(90), QTextCharFormat::SingleUnderline);
    if (m_current && *m_current < m_ends.size())
        select(*m_current, tint(m_current == m_mark ? 130 : 60),
               m_current == m_mark ? QTextCharFormat::SingleUnderline : QTextCharFormat::DotLine);
    setExtraSelections(selections);
}

/// Begins where the answers part, and goes over tokens without a text of their own, whose character
/// comes with a later one.
void TokenView::step(int by)
{
    if (m_ends.isEmpty()) return;
    const qsizetype last = m_ends.size() - 1;
    qsizetype next = m_current ? *m_current + by : m_mark.value_or(0);
    while (next > 0 && next < last && !cursorOf(next).hasSelection())
        next += by;
    next = std::clamp<qsizetype>(next, 0, last);
    QTextCursor cursor = cursorOf(next);
    cursor.setPosition(cursor.anchor());
    setTextCursor(cursor);
    Q_EMIT tokenChosen(next, true);
}

void TokenView::keyPressEvent(QKeyEvent* event)
{
    const bool plain =
        event->modifiers() == Qt::NoModifier || event->modifiers() == Qt::KeypadModifier;
    if (plain && (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right)) {
        step(event->key() == Qt::Key_Left ? -1 : 1);
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
    const bool moves = event->key() == Qt::Key_Up || event->key() == Qt::Key_Down ||
                       event->key() == Qt::Key_Home || event->key() == Qt::Key_End;
    if (!plain || !moves) return;
    if (const auto token = tokenAt(textCursor().position())) Q_EMIT tokenChosen(*token, true);
}

void TokenView::mouseMoveEvent(QMouseEvent* event)
{
    QPlainTextEdit::mouseMoveEvent(event);
    if (event->buttons() != Qt::NoButton) return;
    const QPoint at = event->position().toPoint();
    // Between two characters the cursor is before or behind the one the mouse is on.
    int position = cursorForPosition(at).position();
    QTextCursor there(document());
    there.setPosition(position);
    const QRect caret = cursorRect(there);
    if (caret.left() > at.x() && position > 0) --position;
    const std::optional<qsizetype> token = tokenAt(position);
    const bool onText =
        token &&
        tokenRect(*token).translated(-viewport()->pos()).adjusted(-2, 0, 2, 0).contains(at);
    if (onText)
        Q_EMIT tokenChosen(*token, false);
    else if (!hasFocus())
        Q_EMIT tokenLeft();
}

void TokenView::leaveEvent(QEvent* event)
{
    QPlainTextEdit::leaveEvent(event);
    Q_EMIT tokenLeft();
}

void TokenView::focusOutEvent(QFocusEvent* event)
{
    QPlainTextEdit::focusOutEvent(event);
    Q_EMIT tokenLeft();
}

void TokenView::changeEvent(QEvent* event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) showSelections();
}

} // namespace bs::ui
