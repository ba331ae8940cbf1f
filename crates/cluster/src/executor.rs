//! An executor: Ballista's, asking for orders and listening on no port. What it makes goes to shared
//! storage, so nobody ever fetches from it.

use crate::codec::OrdersCodec;
use crate::job::session;
use crate::tls::Transport;
use ballista_core::config::TaskSchedulingPolicy;
use ballista_executor::ArrowFlightServerProvider;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_executor::shutdown::Shutdown;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

/// What an executor is told.
#[derive(Clone)]
pub struct Settings {
    /// Host of the scheduler.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How to talk to it.
    pub transport: Transport,
    /// Orders carried out side by side.
    pub slots: usize,
    /// The engine's own folder, of this machine alone.
    pub work_dir: PathBuf,
}

/// How long the scheduler may take to hear that an executor ends.
const FAREWELL: Duration = Duration::from_secs(1);

/// Runs until the process is told to end. Then the scheduler is told and the process ends, without
/// waiting for its orders: they are given to others at once, and none is delivered twice.
pub async fn serve(settings: Settings) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let Settings { host, port, transport, slots, work_dir } = settings;
    std::fs::create_dir_all(&work_dir)?;
    let listens_on_nothing: Arc<ArrowFlightServerProvider> =
        Arc::new(|_, _, mut shutdown: Shutdown, _| {
            tokio::spawn(async move {
                shutdown.recv().await;
                Ok(())
            })
        });
    let config = ExecutorProcessConfig {
        external_host: Some(crate::order::host()),
        scheduler_host: host,
        scheduler_port: port,
        scheduler_connect_timeout_seconds: 60,
        vcores: slots.max(1),
        task_scheduling_policy: TaskSchedulingPolicy::PullStaged,
        work_dir: Some(work_dir.display().to_string()),
        // Orders account for their own memory: the driver sizes ranges by it.
        memory_pool_size: Some(0),
        override_config_producer: Some(Arc::new(session)),
        override_physical_codec: Some(Arc::new(OrdersCodec::default())),
        override_arrow_flight_service: Some(listens_on_nothing),
        override_create_grpc_client_endpoint: Some(Arc::new(move |endpoint| {
            transport.dress(endpoint)
        })),
        ..ExecutorProcessConfig::default()
    };
    tokio::select! {
        served = start_executor_process(Arc::new(config)) => served?,
        () = told_to_end() => std::process::exit(0),
    }
    Ok(())
}

/// SIGTERM has come, and the engine has had the time to tell the scheduler of it.
async fn told_to_end() {
    match signal(SignalKind::terminate()) {
        Ok(mut told) => told.recv().await,
        Err(_) => std::future::pending().await,
    };
    tokio::time::sleep(FAREWELL).await;
}
