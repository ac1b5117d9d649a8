#pragma once

#include <QPlainTextEdit>

namespace bs::ui {

/// Where a prompt is written: Enter sends, Shift+Enter begins a new line; grows up to a few lines.
class PromptEdit : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit PromptEdit(QWidget* parent = nullptr);

Q_SIGNALS:
    void sendRequested();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void fitHeight();
};

} // namespace bs::ui
