#include "ui/pages/prompt_edit.h"

#include <QEvent>
#include <QKeyEvent>
#include <QTextDocument>

#include <algorithm>

namespace bs::ui {

namespace {

constexpr int kMostLines = 6;

} // namespace

PromptEdit::PromptEdit(QWidget* parent)
    : QPlainTextEdit(parent)
{
    setObjectName(QStringLiteral("promptEdit"));
    setAccessibleName(tr("Prompt"));
    setPlaceholderText(tr("Ask something. Enter sends, Shift+Enter begins a new line."));
    setTabChangesFocus(true);
    document()->setDocumentMargin(7);
    connect(this, &QPlainTextEdit::textChanged, this, &PromptEdit::fitHeight);
    fitHeight();
}

void PromptEdit::keyPressEvent(QKeyEvent* event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && !(event->modifiers() & Qt::ShiftModifier)) {
        Q_EMIT sendRequested();
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

void PromptEdit::changeEvent(QEvent* event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::FontChange) fitHeight();
}

void PromptEdit::fitHeight()
{
    // A plain text document's height is its number of lines.
    const int lines = std::clamp(qRound(document()->size().height()), 1, kMostLines);
    const int margins = 2 * (frameWidth() + qRound(document()->documentMargin()));
    setFixedHeight(lines * fontMetrics().lineSpacing() + margins + 2);
}

} // namespace bs::ui
