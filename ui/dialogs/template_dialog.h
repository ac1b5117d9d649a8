#pragma once

#include "ui/jobs/engine_session.h"

#include <QDialog>
#include <QTimer>

#include <optional>

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace bs::ui {

/// The chat template, and beside it what it makes of a short conversation, as one types. Only one
/// that can be run can be used.
class TemplateDialog : public QDialog
{
    Q_OBJECT

public:
    static constexpr int kCheckDelayMs = 200;

    /// `current` empty: the model's own.
    TemplateDialog(EngineSession* session, const std::optional<QString>& current,
                   const QString& system, QWidget* parent = nullptr);

Q_SIGNALS:
    /// Empty: the model's own.
    void chosen(const std::optional<QString>& chatTemplate);

private:
    QWidget* buildEditors();
    void check();
    void showCheck(const TemplateCheck& check);
    void markLine(int line);
    void accept() override;

    EngineSession* m_session;
    QString m_system;
    QPlainTextEdit* m_edit;
    QPlainTextEdit* m_preview;
    QLabel* m_verdict;
    QPushButton* m_use;
    QPushButton* m_own;
    QTimer m_timer;
    std::optional<QString> m_ownText; ///< the model's, once it is known
    bool m_wantsOwn;
};

} // namespace bs::ui
