package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/kballard/go-shellquote"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
)

// exitAlreadyReported is what @pulumi/pulumi's cmd/run exits with after it told the user what was wrong.
const exitAlreadyReported = 32

type nodeHost struct {
	pulumirpc.UnimplementedLanguageRuntimeServer
	// engine is the address that the program sends its log lines to.
	engine string
}

func (h *nodeHost) Handshake(
	_ context.Context, req *pulumirpc.LanguageHandshakeRequest,
) (*pulumirpc.LanguageHandshakeResponse, error) {
	h.engine = req.GetEngineAddress()
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

func (h *nodeHost) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: version}, nil
}

func (h *nodeHost) About(context.Context, *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, fmt.Errorf("node is not on the PATH: %w", err)
	}
	out, err := exec.Command(node, "--version").Output()
	if err != nil {
		return nil, fmt.Errorf("%s --version: %w", node, err)
	}
	return &pulumirpc.AboutResponse{Executable: node, Version: strings.TrimSpace(string(out))}, nil
}

func (h *nodeHost) Run(ctx context.Context, req *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	config, err := json.Marshal(orEmptyMap(req.GetConfig()))
	if err != nil {
		return nil, fmt.Errorf("stack config: %w", err)
	}
	secretKeys, err := json.Marshal(orEmptyList(req.GetConfigSecretKeys()))
	if err != nil {
		return nil, fmt.Errorf("secret config keys: %w", err)
	}
	options := req.GetInfo().GetOptions().AsMap()
	nodeArgs, err := nodeArguments(options)
	if err != nil {
		return nil, err
	}
	script, err := locateModule(ctx, "@pulumi/pulumi/cmd/run", req.GetInfo().GetProgramDirectory())
	if err != nil {
		return &pulumirpc.RunResponse{Error: err.Error()}, nil
	}

	args := append(nodeArgs, script,
		"--monitor="+req.GetMonitorAddress(),
		"--engine="+h.engine,
		"--organization="+req.GetOrganization(),
		"--project="+req.GetProject(),
		"--root-directory="+req.GetInfo().GetRootDirectory(),
		"--stack="+req.GetStack(),
		"--pwd="+req.GetPwd(),
		"--parallel="+strconv.Itoa(int(req.GetParallel())),
	)
	if req.GetDryRun() {
		args = append(args, "--dry-run")
	}
	args = append(args, req.GetInfo().GetEntryPoint())
	args = append(args, req.GetArgs()...)

	cmd := exec.CommandContext(ctx, "node", args...)
	cmd.Dir = req.GetPwd()
	// Both go to the CLI, which shows them as the program's own output.
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(),
		"PULUMI_CONFIG="+string(config),
		"PULUMI_CONFIG_SECRET_KEYS="+string(secretKeys),
		"PULUMI_NODEJS_TYPESCRIPT="+strconv.FormatBool(options["typescript"] != false),
	)
	return answer(cmd.Run())
}

func answer(err error) (*pulumirpc.RunResponse, error) {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}, nil
	case errors.As(err, &exit) && exit.ExitCode() == exitAlreadyReported:
		return &pulumirpc.RunResponse{Bail: true}, nil
	case errors.As(err, &exit):
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("program exited with %s", exit.ProcessState)}, nil
	default:
		return nil, fmt.Errorf("could not start node: %w", err)
	}
}

// nodeArguments reads Pulumi.yaml's `runtime.options.nodeargs`, written as a shell would split it.
func nodeArguments(options map[string]any) ([]string, error) {
	text, _ := options["nodeargs"].(string)
	words, err := shellquote.Split(text)
	if err != nil {
		return nil, fmt.Errorf("runtime.options.nodeargs %q: %w", text, err)
	}
	return words, nil
}

type packageJSON struct {
	Version string `json:"version"`
	Pulumi  struct {
		Resource bool   `json:"resource"`
		Name     string `json:"name"`
		Version  string `json:"version"`
		Server   string `json:"server"`
	} `json:"pulumi"`
}

// GetRequiredPackages names the plugins of the @pulumi packages that are installed for the program.
func (h *nodeHost) GetRequiredPackages(
	_ context.Context, req *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	pattern := filepath.Join(req.GetInfo().GetProgramDirectory(), "node_modules", "@pulumi", "*", "package.json")
	files, err := filepath.Glob(pattern)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", pattern, err)
	}
	var packages []*pulumirpc.PackageDependency
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var manifest packageJSON
		if err := json.Unmarshal(content, &manifest); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if !manifest.Pulumi.Resource {
			continue
		}
		pluginVersion := manifest.Pulumi.Version
		if pluginVersion == "" {
			pluginVersion = manifest.Version
		}
		packages = append(packages, &pulumirpc.PackageDependency{
			Name:    manifest.Pulumi.Name,
			Kind:    "resource",
			Version: "v" + strings.TrimPrefix(pluginVersion, "v"),
			Server:  manifest.Pulumi.Server,
		})
	}
	return &pulumirpc.GetRequiredPackagesResponse{Packages: packages}, nil
}

func orEmptyMap(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}

func orEmptyList(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
