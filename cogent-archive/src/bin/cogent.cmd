@echo off
rem Runs Cogent with the Java that lies beside it. Natives (libtorch) are fetched at the first command that may need them.
setlocal
for %%d in ("%~dp0..") do set "home=%%~fd"
set "java=%home%\runtime\bin\java.exe"

set "natives=%home%\natives"
if not exist "%natives%\" (
  if defined COGENT_NATIVES (set "natives=%COGENT_NATIVES%") else (set "natives=%LOCALAPPDATA%\cogent\natives")
)
set "classpath=%home%\lib\*"
set "missing="
setlocal enabledelayedexpansion
for /f "usebackq tokens=2" %%p in ("%home%\natives.txt") do (
  set "classpath=!classpath!;%natives%\%%~nxp"
  if not exist "%natives%\%%~nxp" set "missing=yes"
)

if "%~1"=="" set "missing="
set "first=%~1"
if "!first:~0,1!"=="-" set "missing="
for %%c in (help recipe completion) do if /i "!first!"=="%%c" set "missing="
for %%o in (%*) do (
  if "%%~o"=="--help" set "missing="
  if "%%~o"=="-h" set "missing="
)
if defined missing (
  "%java%" -cp "%home%\lib\*" cogent.cli.natives.FetchNatives "%home%\natives.txt" "%natives%" || exit /b 1
)

endlocal & set "classpath=%classpath%"
"%java%" "@%home%\bin\jvm.args" %COGENT_JAVA_OPTS% "-Dcogent.command=cogent" -cp "%classpath%" cogent.cli.Main %*
