#include "ui/dialogs/compress_dialog.h"
#include "ui/dialogs/export_dialog.h"
#include "ui/dialogs/measure_dialog.h"
#include "ui/dialogs/template_dialog.h"
#include "ui/pages/answer_panel.h"
#include "ui/pages/chart_panel.h"
#include "ui/pages/empty_page.h"
#include "ui/pages/order_panel.h"
#include "ui/pages/speed_panel.h"
#include "ui/widgets/message_bar.h"
#include "ui/window/main_window.h"

#include <QAction>
#include <QCoreApplication>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>

namespace bs::ui {

void MainWindow::setSizeUnit(QAction* unit)
{
    const auto chosen = unit->data().value<SizeUnit>();
    m_chartPanel->setSizeAxis({chosen, m_session.card().parameters});
    m_orderPanel->setSizeUnit(chosen);
    m_speedPanel->setSizeAxis({chosen, m_session.card().parameters});
}

void MainWindow::openPath(const QString& path)
{
    m_lastPath = QFileInfo(path).absoluteFilePath();
    m_message->hide();
    m_session.open(m_lastPath);
}

void MainWindow::askFile()
{
    const QString path =
        QFileDialog::getOpenFileName(this, tr("Open a model"), QFileInfo(m_lastPath).absolutePath(),
                                     tr("Models (*.gguf *.bitstack *.safetensors);;All files (*)"));
    if (!path.isEmpty()) openPath(path);
}

void MainWindow::askFolder()
{
    const QString path = QFileDialog::getExistingDirectory(this, tr("Open a Hugging Face folder"),
                                                           QFileInfo(m_lastPath).absolutePath());
    if (!path.isEmpty()) openPath(path);
}

void MainWindow::tryDemo()
{
    if (DemoModel::isThere()) {
        openPath(DemoModel::path());
        return;
    }
    m_demo.fetch();
    m_emptyPage->updateDemo(m_demo.isFetching());
}

void MainWindow::showCompress()
{
    if (m_session.path().isEmpty()) return;
    auto* const dialog = new CompressDialog(&m_jobs, m_session.path(), this);
    dialog->open();
}

void MainWindow::showMeasure()
{
    if (!m_session.path().isEmpty()) makeMeasureDialog()->open();
}

MeasureDialog* MainWindow::makeMeasureDialog()
{
    const ModelCard& card = m_session.card();
    const SizeScale scale = card.stack ? SizeScale(card.stack->smallestBytes,
                                                   card.stack->largestBytes, m_session.sizes())
                                       : SizeScale();
    auto* const dialog = new MeasureDialog(card, scale, m_library.path(), this);
    connect(dialog, &MeasureDialog::startRequested, &m_jobs, &BackgroundJobs::measure);
    return dialog;
}

void MainWindow::showExport()
{
    if (m_session.path().isEmpty()) return;
    auto* const dialog =
        new ExportDialog(&m_jobs, m_session.card(), m_session.state().fileBytes, this);
    dialog->setRecipe(m_session.recipe());
    dialog->open();
}

void MainWindow::showTemplate()
{
    if (!m_session.state().loaded) return;
    auto* const dialog = new TemplateDialog(&m_session, m_answerPanel->settings().chatTemplate,
                                            m_answerPanel->settings().system, this);
    connect(dialog, &TemplateDialog::chosen, this, [this](const std::optional<QString>& text) {
        m_answerPanel->setPrompt(m_answerPanel->settings().system, text);
    });
    dialog->open();
}

void MainWindow::showAbout()
{
    const QString parts = QStringLiteral("Qt %1 (LGPL-3.0) · QCustomPlot (GPL-3.0-or-later) · "
                                         "Eigen (MPL-2.0) · OpenBLAS (BSD-3-Clause) · "
                                         "SQLite (public domain) · nlohmann-json, CLI11, spdlog, "
                                         "utf8proc (MIT, BSD-3-Clause) · PCRE2, "
                                         "xxHash (BSD) · zlib")
                              .arg(QLatin1String(qVersion()));
    auto* const box = new QMessageBox(
        QMessageBox::NoIcon, tr("About BitStack Workbench"),
        tr("<b>BitStack Workbench %1</b><p>Compress a language model once, then choose how many "
           "bytes it may use.</p><p>Method: BitStack, Wang et al., ICLR 2025 (arXiv "
           "2410.23918).</p>"
           "<p>Licence: GPL-3.0-or-later, without any warranty.</p><p>Made with %2.</p><p>Engine: "
           "%3</p>")
            .arg(QCoreApplication::applicationVersion(), parts,
                 m_session.device().isEmpty() ? tr("not started yet") : m_session.device()),
        QMessageBox::Close, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

/// A point of the file that is open sets its size; one of another file opens that.
void MainWindow::chooseDot(const QString& path, qint64 bytes, bool dense)
{
    if (path == m_session.path()) {
        if (!dense) m_session.slide(bytes);
        return;
    }
    m_lastPath = path;
    m_message->hide();
    m_session.open(path, dense ? std::nullopt : std::optional(bytes));
}

} // namespace bs::ui
