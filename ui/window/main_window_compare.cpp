#include "ui/pages/compare_page.h"
#include "ui/pages/keep_row.h"
#include "ui/window/main_window.h"

#include <QAction>
#include <QMenuBar>

namespace bs::ui {

void MainWindow::connectCompare()
{
    m_comparePage = new ComparePage(&m_session, &m_library,
                                    {m_actions.compareSwap, m_actions.compareCopy}, this);
    addPage(m_comparePage, tr("Compare"), m_actions.showCompare);
    Comparison* const comparison = m_comparePage->comparison();
    connect(m_actions.comparePinA, &QAction::triggered, this,
            [this] { m_comparePage->pinOpen(Side::A); });
    connect(m_actions.comparePinB, &QAction::triggered, this,
            [this] { m_comparePage->pinOpen(Side::B); });
    connect(m_actions.compareSwap, &QAction::triggered, comparison, &Comparison::swap);
    connect(m_actions.compareCopy, &QAction::triggered, m_comparePage, &ComparePage::copyMarkdown);
    connect(m_actions.compareKeep, &QAction::triggered, m_comparePage->keepRow(), &KeepRow::start);
    connect(m_actions.compareMeasure, &QAction::triggered, m_comparePage, &ComparePage::askMeasure);
    connect(m_comparePage, &ComparePage::availabilityChanged, this, &MainWindow::updateCompare);
    connect(&m_session, &EngineSession::stateChanged, this, &MainWindow::updateCompare);
    connect(m_comparePage, &ComparePage::openRequested, this, &MainWindow::askFile);
    connect(m_comparePage->keepRow(), &KeepRow::slideRequested, this,
            [this](const QString& path, qint64 bytes) { chooseDot(path, bytes, false); });

    connect(m_comparePage, &ComparePage::measureRequested, this,
            [this](const QList<MeasureSettings>& jobs) {
                for (const MeasureSettings& job : jobs)
                    m_jobs.measure(job);
            });
    connect(&m_jobs, &BackgroundJobs::measured, m_comparePage, &ComparePage::readMeasurements);
    connect(&m_jobs, &BackgroundJobs::finished, m_comparePage, &ComparePage::readMeasurements);
    connect(&m_library, &Library::curvesRead, this,
            [this](const QString& hash, CurveMetric metric, const QList<CurveSeries>& series) {
                if (metric == CurveMetric::Perplexity && hash == m_session.card().hash)
                    m_comparePage->setSeries(series);
            });
    updateCompare();
}

void MainWindow::buildCompareMenu()
{
    QMenu* const menu = menuBar()->addMenu(tr("C&ompare"));
    menu->addAction(m_actions.showCompare);
    menu->addSeparator();
    menu->addActions({m_actions.comparePinA, m_actions.comparePinB, m_actions.compareSwap});
    menu->addSeparator();
    menu->addActions({m_actions.compareKeep, m_actions.compareMeasure, m_actions.compareCopy});
}

void MainWindow::updateCompare()
{
    const Comparison* const comparison = m_comparePage->comparison();
    const bool idle = !comparison->isRunning();
    m_actions.comparePinA->setEnabled(idle && m_session.state().loaded);
    m_actions.comparePinB->setEnabled(idle && m_session.state().loaded);
    m_actions.compareSwap->setEnabled(
        idle && (comparison->pin(Side::A).isSet() || comparison->pin(Side::B).isSet()));
    m_actions.compareCopy->setEnabled(comparison->answer(Side::A).isDone() &&
                                      comparison->answer(Side::B).isDone());
    m_actions.compareKeep->setEnabled(m_comparePage->keepRow()->obstacle().isEmpty());
    m_actions.compareMeasure->setEnabled(m_comparePage->canMeasure());
}

} // namespace bs::ui
